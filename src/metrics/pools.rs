//! The budget of alerts, by pool: what was asked for, what came of it, and the threshold that follows.

use prometheus::{GaugeVec, Registry};

use super::table::gauges;
use crate::detect::{Census, PoolCensus};
use crate::event::Kind;

/// The pool of all kinds that have none of their own.
const COMMON: &str = "default";

/// What a gauge shows of a pool; none where it is not known.
type Part = fn(&PoolCensus) -> Option<f64>;

/// Gauges by pool.
pub struct PoolMetrics {
    asked: GaugeVec,
    realised: GaugeVec,
    threshold: GaugeVec,
}

impl PoolMetrics {
    pub(super) fn register(registry: &Registry) -> PoolMetrics {
        PoolMetrics {
            asked: gauges(registry, "nhi_budget_per_1000_per_day"),
            realised: gauges(registry, "nhi_realised_per_1000_per_day"),
            threshold: gauges(registry, "nhi_threshold_evidence"),
        }
    }

    /// Shows the means over the partitions, weighted by identities; the common pool always, with NaN for what is not known.
    pub(super) fn show<'a>(&self, partitions: impl Iterator<Item = &'a Census> + Clone) {
        for name in std::iter::once(COMMON).chain(Kind::ALL.map(Kind::name)) {
            let pools = partitions.clone().flat_map(|census| {
                let of_this_name = census.pools.iter().filter(move |pool| pool.name == name);
                of_this_name.map(|pool| (pool, identities(census, name)))
            });
            let shown: [(&GaugeVec, Part); 3] = [
                (&self.asked, |pool| Some(pool.asked)),
                (&self.realised, |pool| pool.realised),
                (&self.threshold, |pool| Some(pool.threshold_bits)),
            ];
            let exists = name == COMMON || pools.clone().next().is_some();
            for (gauge, value) in shown {
                match exists {
                    true => gauge.with_label_values(&[name]).set(mean(pools.clone(), value)),
                    // An error says that there is no such series, which is what is wanted.
                    false => drop(gauge.remove_label_values(&[name])),
                }
            }
        }
    }
}

/// Identities of a partition that are in the pool, and one more so that an empty partition counts a little.
fn identities(census: &Census, pool: &str) -> f64 {
    let has_own = |kind: &str| census.pools.iter().any(|pool| pool.name == kind);
    let counted = Kind::ALL.iter().zip(census.identities).filter(|(kind, _)| match pool {
        COMMON => !has_own(kind.name()),
        own => kind.name() == own,
    });
    counted.map(|(_, count)| count).sum::<u64>() as f64 + 1.0
}

/// The weighted mean of what is known; NaN where nothing is.
fn mean<'a>(pools: impl Iterator<Item = (&'a PoolCensus, f64)>, value: Part) -> f64 {
    let known = pools.filter_map(|(pool, weight)| Some((value(pool)?, weight)));
    let (sum, weights) =
        known.fold((0.0, 0.0), |(sum, weights), (value, weight)| (sum + value * weight, weights + weight));
    sum / weights
}

#[cfg(test)]
mod tests {
    use super::*;

    fn census(pools: Vec<PoolCensus>, workloads: u64, agents: u64) -> Census {
        let mut census = Census { pools, ..Census::default() };
        census.identities[Kind::Workload as usize] = workloads;
        census.identities[Kind::AiAgent as usize] = agents;
        census
    }

    fn pool(name: &'static str, realised: Option<f64>, threshold_bits: f64) -> PoolCensus {
        PoolCensus { name, asked: 1.0, realised, threshold_bits }
    }

    #[test]
    fn means_are_weighted_by_the_identities_of_the_pool() {
        let metrics = PoolMetrics::register(&Registry::new());
        let large = census(vec![pool("default", Some(1.0), 8.0), pool("ai_agent", None, 9.0)], 899, 50);
        let small = census(vec![pool("default", None, 6.0), pool("ai_agent", None, 9.0)], 99, 0);
        metrics.show([&large, &small].into_iter());
        let value = |gauge: &GaugeVec, name: &str| gauge.with_label_values(&[name]).get();
        assert_eq!(value(&metrics.threshold, "default"), 7.8);
        assert_eq!((value(&metrics.realised, "default"), value(&metrics.threshold, "ai_agent")), (1.0, 9.0));
        assert!(value(&metrics.realised, "ai_agent").is_nan());
    }

    #[test]
    fn the_common_pool_is_always_there_and_the_others_go_with_their_partitions() {
        let metrics = PoolMetrics::register(&Registry::new());
        metrics.show([&census(vec![pool("default", None, 6.0), pool("ai_agent", None, 9.0)], 1, 1)].into_iter());
        metrics.show([].into_iter());
        use prometheus::core::Collector;
        let series = metrics.threshold.collect().remove(0);
        assert_eq!(series.get_metric().len(), 1);
        assert!(series.get_metric()[0].get_gauge().get_value().is_nan());
    }
}
