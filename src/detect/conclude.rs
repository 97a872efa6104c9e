//! From evidence to statements: opens incidents, adds to them, takes off what peers turn out to do as well, closes them.
//!
//! ```text
//!  evidence rose ─▶ passes τ, broad? ─▶ open ─▶ muted? (kind, age, cap) ─▶ Create
//!                    open already? ──▶ add ──▶ something new? ──────────▶ Update
//!  peers do the same ────────────────▶ lower ─────────────────────────▶ Update
//!  quiet for long enough ────────────────────────────────────────────▶ Close
//! ```

use crate::event::{Activity, Attributed, Feature, Kind, Maturity, Muted, NewHere, Timestamp, Wave};

use super::Detector;
use super::baseline::Baseline;
use super::codec::Sort;
use super::effects::{Counts, Effects};
use super::evidence::{FamilyEvidence, Open};
use super::finding::{Statement, audit_ref, notice, state};
use super::incident::{About, Incident};
use super::signal::Judged;

/// Bits below the threshold from which on a member counts towards a campaign.
const CLOSE_TO_THRESHOLD: f64 = 1.5;

impl Detector {
    /// Evidence rose: opens an incident, adds to it, or remembers the event for one.
    pub(super) fn conclude(&mut self, baseline: &mut Baseline, event: &Attributed<'_>, effects: &mut Effects) {
        let time = event.event.time;
        let kind = self.state.kind_of(baseline, event.identity.kind);
        let maturity = self.maturity(baseline);
        let threshold_bits = self.state.budget.pool(kind).threshold();
        let open = baseline.open.as_mut().expect("evidence that rose is kept");
        count_fired(&open.families, time, &mut effects.counts);
        let reference = audit_ref(event);
        let passes = open.evidence(time) >= threshold_bits && open.is_broad(time);
        let opens = open.incident.is_none() && passes;
        if open.is_broad(time) {
            effects.evidence_bits = open.evidence(time);
            self.state.budget.pool_mut(kind).note(&mut open.run, effects.evidence_bits, time);
        }
        if opens {
            let mut incident = Incident::open(About::identity_of(event), &reference, &open.prelude, threshold_bits);
            for earlier in std::mem::take(&mut open.prelude) {
                incident.add_event(earlier, self.state.settings.config.max_events_per_finding);
            }
            open.incident = Some(Box::new(incident));
            self.state.census.open_incidents += 1;
            self.state.budget.pool_mut(kind).count_alert();
        }
        let Some(incident) = &mut open.incident else { return open.add_prelude(reference) };
        self.state.trace(event, &mut incident.chain);
        incident.add_event(reference, self.state.settings.config.max_events_per_finding);
        let mut news = incident.take_in(&open.families, time);
        // Old news that goes on: what would open an incident today alerts today.
        let fresh = incident.muted == Some(Muted::Age) && !self.state.is_old(time) && passes;
        if !opens && news.is_empty() && !fresh {
            return;
        }
        let was_muted = opens || incident.muted.is_some();
        if was_muted {
            incident.muted = self.mute(kind, incident);
            if incident.muted.is_none() {
                news.push(NewHere::Released);
            }
        }
        if opens {
            effects.counts.held_back += u64::from(incident.muted == Some(Muted::Cap));
            effects.counts.too_old += u64::from(incident.muted == Some(Muted::Age));
        }
        let activity = if opens { Activity::Create } else { Activity::Update };
        let statement = Statement { maturity, pool: self.state.budget.pool(kind) };
        effects.findings.push(state(incident, activity, &statement, news));
    }

    /// Why an incident alerts nobody; none where it does, which takes from the budget.
    fn mute(&mut self, kind: Kind, incident: &Incident) -> Option<Muted> {
        if self.state.is_recorded_only(kind) {
            return Some(Muted::Kind);
        }
        if self.state.is_old(incident.last) {
            return Some(Muted::Age);
        }
        (!self.state.budget.pool_mut(kind).spend(incident.band)).then_some(Muted::Cap)
    }

    /// Tells the identity's peers what was new, and what this makes of their own incidents.
    pub(super) fn share(
        &mut self,
        id: u64,
        baseline: &mut Baseline,
        judged: &Judged,
        event: &Attributed<'_>,
        effects: &mut Effects,
    ) {
        let time = event.event.time;
        let kind = self.state.kind_of(baseline, event.identity.kind);
        let threshold_bits = self.state.budget.pool(kind).threshold();
        // Which of its groups an identity is compared with may change while the group by template is young.
        if let Some(other) = self.state.other_group_mut(baseline.groups) {
            for (feature, bits) in &judged.signals {
                other.waves.note(*feature, id, *bits, time);
            }
        }
        let Some(peers) = self.state.peers_mut(baseline.groups) else { return };
        let noted =
            judged.signals.iter().map(|(feature, bits)| (*feature, peers.waves.note(*feature, id, *bits, time)));
        let revised: Vec<(Feature, Vec<(u64, Wave)>)> = noted.collect();
        if judged.lowered > 0 {
            peers.waves.note_lowered(time);
            effects.counts.waves_discounted += judged.lowered;
        }
        let open = baseline.open.as_ref();
        let undiscounted = open.map_or(0.0, |open| open.undiscounted_evidence(time));
        let campaign = (undiscounted >= threshold_bits - CLOSE_TO_THRESHOLD)
            .then(|| peers.waves.suspect(id, &super::finding::bounded(&event.identity.principal), time))
            .flatten();
        if let Some(campaign) = campaign {
            let statement = Statement { maturity: self.maturity(baseline), pool: self.state.budget.pool(kind) };
            effects.findings.push(notice(campaign, event, undiscounted, threshold_bits, &statement));
        }
        for (feature, others) in revised {
            for (other, wave) in others {
                self.lower(other, feature, wave, effects);
            }
        }
    }

    /// Takes off another identity's evidence what its peers turn out to do as well.
    fn lower(&mut self, id: u64, feature: Feature, wave: Wave, effects: &mut Effects) {
        let Some(place) = self.state.identities.find(id) else { return };
        let entry = self.state.identities.entry_mut(place);
        let Some(open) = &mut entry.value.open else { return };
        if open.families[feature.family() as usize].is_none() {
            return;
        }
        self.state.cut.preserve(Sort::Identity, place, self.state.identities.entry_mut(place));
        let mut baseline = self.take(place);
        let maturity = self.maturity(&baseline);
        let open = baseline.open.as_mut().expect("it was there");
        lower_families(open, feature, wave);
        if let Some(incident) = &mut open.incident
            && incident.lower(feature, wave)
        {
            let pool = self.state.budget.pool(incident.about.kind);
            let statement = Statement { maturity, pool };
            effects.findings.push(state(incident, Activity::Update, &statement, vec![NewHere::Wave(feature)]));
        }
        self.put_back(place, baseline);
    }

    /// Closes incidents that have been quiet for long enough by stream time.
    pub(super) fn close_quiet(&mut self, effects: &mut Effects) {
        let now = self.state.now();
        while let Some((deadline, place)) = self.state.deadlines.first().copied().filter(|(due, _)| *due <= now) {
            self.state.deadlines.remove(&(deadline, place));
            self.state.cut.preserve(Sort::Identity, place, self.state.identities.entry_mut(place));
            let mut baseline = self.take(place);
            self.close(&mut baseline, effects);
            self.put_back(place, baseline);
        }
    }

    /// Closes the open incident of an identity.
    pub(super) fn close(&mut self, baseline: &mut Baseline, effects: &mut Effects) {
        let maturity = self.maturity(baseline);
        let Some(open) = &mut baseline.open else { return };
        let Some(mut incident) = open.incident.take() else { return };
        self.state.census.open_incidents -= 1;
        let statement = Statement { maturity, pool: self.state.budget.pool(incident.about.kind) };
        effects.findings.push(state(&mut incident, Activity::Close, &statement, Vec::new()));
    }

    fn maturity(&self, baseline: &Baseline) -> Maturity {
        let active_hours = baseline.active_hours();
        let learning = active_hours <= self.state.settings.config.warm_hours;
        Maturity { first_seen: baseline.first_seen, active_hours, learning }
    }
}

fn lower_families(open: &mut Open, feature: Feature, wave: Wave) {
    let Some(evidence) = &mut open.families[feature.family() as usize] else { return };
    if let Some(most) = evidence.lower(feature, wave) {
        evidence.bits = evidence.bits.min(most as f32);
    }
}

/// Counts the features whose evidence rose with the event.
fn count_fired(families: &[Option<Box<FamilyEvidence>>], time: Timestamp, counts: &mut Counts) {
    for evidence in families.iter().flatten().filter(|evidence| evidence.rose == time) {
        counts.features_fired[evidence.feature as usize] += 1;
    }
}
