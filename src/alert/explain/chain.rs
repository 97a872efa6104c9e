//! By way of whom an identity came to act, from the outermost to itself: `repo:example/shop (federated_subject) →
//! role/deploy`.

use super::short_name;
use crate::alert::escape::shown_ends;
use crate::event::Finding;

/// Links that a line names; the outermost are left out first.
const LINKS: usize = 6;
/// Columns that a name may take.
const NAME: usize = 64;

/// The line; none where nothing is known.
pub fn chain(finding: &Finding) -> Option<String> {
    if finding.chain.is_empty() {
        return None;
    }
    let links = finding.chain.iter().take(LINKS).rev();
    let mut names: Vec<String> =
        links.map(|link| format!("{} ({})", shown_ends(&link.name, NAME), link.relation.name())).collect();
    names.push(shown_ends(short_name(&finding.principal), NAME));
    Some(format!("by way of {}", names.join(" → ")))
}
