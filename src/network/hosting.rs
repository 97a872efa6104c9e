//! Autonomous systems of data centres that audit logs meet most, from the providers' own registrations (RIR databases).

/// Whether all that is announced by this system is hosting.
pub(super) fn is_hosting(asn: u32) -> bool {
    KNOWN.binary_search(&asn).is_ok()
}

/// In rising order.
const KNOWN: [u32; 40] = [
    7979,   // Servers.com
    8068,   // Microsoft
    8075,   // Microsoft
    8100,   // QuadraNet
    8560,   // IONOS
    9009,   // M247
    12876,  // Scaleway
    13335,  // Cloudflare
    14061,  // DigitalOcean
    14618,  // Amazon
    15169,  // Google
    16276,  // OVH
    16509,  // Amazon
    19527,  // Google
    19871,  // Network Solutions
    20473,  // Vultr
    20860,  // Iomart
    22612,  // Namecheap
    24940,  // Hetzner
    26347,  // DreamHost
    26496,  // GoDaddy
    28753,  // Leaseweb
    29802,  // HIVELOCITY
    31898,  // Oracle
    36351,  // IBM Cloud
    37963,  // Alibaba
    40021,  // Contabo
    42831,  // UK Dedicated Servers
    45090,  // Tencent
    45102,  // Alibaba
    46606,  // Unified Layer
    47583,  // Hostinger
    51167,  // Contabo
    53667,  // FranTech
    60068,  // Datacamp
    60781,  // Leaseweb
    62240,  // Clouvider
    63949,  // Akamai Connected Cloud (Linode)
    132203, // Tencent
    396982, // Google Cloud
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order() {
        assert!(KNOWN.is_sorted());
        assert!(is_hosting(16509) && !is_hosting(3320));
    }
}
