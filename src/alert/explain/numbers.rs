//! Numbers as people read them.

/// A whole number in groups of three: `12,345`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Bits with one decimal: `18.3`; in powers of ten where they are beyond all sense.
pub fn bits(bits: f64) -> String {
    const SENSIBLE: f64 = 100_000.0;
    match bits {
        bits if bits.abs() < 0.05 => "0.0".to_owned(),
        bits if bits.abs() < SENSIBLE => format!("{bits:.1}"),
        bits => format!("{bits:.1e}"),
    }
}

/// A probability in percent, with about two digits that mean something: `12 %`, `0.4 %`, `0.003 %`.
pub fn percent(probability: f64) -> String {
    let percent = probability * 100.0;
    match percent {
        p if p >= 9.95 => format!("{:.0} %", p.min(100.0)),
        p if p >= 0.0995 => format!("{p:.1} %"),
        p if p >= 0.00995 => format!("{p:.2} %"),
        p if p >= 0.0005 => format!("{p:.3} %"),
        p if p > 0.0 => "less than 0.001 %".to_owned(),
        _ => "0 %".to_owned(),
    }
}

/// A score S in words: `about 1 identity-day in 9,400 of this fleet looks like this` (2^S, two digits of it).
pub fn rarity(score: f64) -> String {
    const SENSIBLE: f64 = 40.0;
    if score > SENSIBLE {
        return "less than 1 identity-day in a trillion of this fleet looks like this".to_owned();
    }
    let days = two_digits(libm::exp2(score.max(0.0)).round() as u64);
    match days {
        0 | 1 => "nothing unusual for a day in this fleet".to_owned(),
        days => format!("about 1 identity-day in {} of this fleet looks like this", named(days)),
    }
}

/// A number of two digits that mean something: `9,400`, `2.1 million`, `94 billion`.
fn named(number: u64) -> String {
    let of = |unit: u64, name: &str| match number / unit {
        0..=9 => format!("{}.{} {name}", number / unit, number % unit * 10 / unit),
        many => format!("{} {name}", grouped(many)),
    };
    match number {
        0..=999_999 => grouped(number),
        1_000_000..=999_999_999 => of(1_000_000, "million"),
        1_000_000_000.. => of(1_000_000_000, "billion"),
    }
}

fn two_digits(number: u64) -> u64 {
    let mut unit = 1;
    while number / unit >= 100 {
        unit *= 10;
    }
    (number + unit / 2) / unit * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([1.0, 0.123, 0.0412, 0.004, 0.00041].map(percent), ["100 %", "12 %", "4.1 %", "0.4 %", "0.04 %"]);
        assert_eq!([0.00003, 1e-9, 0.0].map(percent), ["0.003 %", "less than 0.001 %", "0 %"]);
        assert_eq!([9_449, 99, 100, 995].map(two_digits), [9_400, 99, 100, 1_000]);
        assert_eq!([18.349, -0.0, 1e-9, 1e300].map(bits), ["18.3", "0.0", "0.0", "1.0e300"]);
        assert_eq!(rarity(13.2), "about 1 identity-day in 9,400 of this fleet looks like this");
        assert_eq!(rarity(20.5), "about 1 identity-day in 1.5 million of this fleet looks like this");
        assert_eq!(rarity(31.4), "about 1 identity-day in 2.8 billion of this fleet looks like this");
        assert_eq!(rarity(39.9), "about 1 identity-day in 1,000 billion of this fleet looks like this");
        assert_eq!(rarity(f64::INFINITY), "less than 1 identity-day in a trillion of this fleet looks like this");
        assert_eq!(rarity(-1.0), "nothing unusual for a day in this fleet");
    }
}
