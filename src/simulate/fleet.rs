//! The fleet as a stream: one record after the other, in the order of their arrival.
//!
//! Each identity plans one active hour at a time, when it comes to it; attacks and the like are planned beforehand. All
//! are merged by a heap that holds one entry each, and pass through the mail, which delays and repeats some. So memory
//! is bounded by the identities that are active at once.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::attacks;
use super::call::Call;
use super::config::FleetConfig;
use super::confounders;
use super::delivery::{Delivery, Mail, Sent};
use super::elsewhere::{Elsewhere, Written};
use super::hour::{HOUR, Track};
use super::labels::AttackLabel;
use super::population::Builder;
use super::record::Writer;
use super::rng::Rng;
use super::world::{Member, Runtime, World};
use crate::event::{Source, Timestamp};

/// A simulated fleet, which emits its records one by one.
#[derive(Debug)]
pub struct Fleet {
    config: FleetConfig,
    world: World,
    writer: Writer,
    labels: Vec<AttackLabel>,
    /// One for each identity of the world.
    tracks: Vec<Track>,
    /// Planned beforehand: the calls of each script, the next one last.
    scripts: Vec<Vec<Call>>,
    /// What comes next: time in milliseconds, and an index of `tracks`, or of `scripts` above them.
    due: BinaryHeap<Reverse<(i64, u32)>>,
    /// Queues that nobody uses.
    spare: Vec<Vec<Call>>,
    mail: Mail,
    elsewhere: Elsewhere,
    happened: u64,
}

/// What was emitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Emitted {
    /// When it happened, in milliseconds; a record of CloudTrail has whole seconds.
    pub time: Timestamp,
    /// When it came in, not before the one emitted before it.
    pub arrival: Timestamp,
    /// In which log.
    pub source: Source,
    /// How it came in.
    pub delivery: Delivery,
    /// The identity that acted ([`Fleet::principal`]); none where the cloud, a vendor's account or a federated token
    /// opened a session for it.
    pub identity: Option<usize>,
    /// The attack that it is part of: its index in [`Fleet::labels`].
    pub attack: Option<u32>,
}

impl Fleet {
    /// Makes a fleet. Equal configurations make equal fleets.
    pub fn new(config: &FleetConfig) -> Fleet {
        let (start, end) = (config.start.as_millis(), config.end.as_millis());
        let mut rng = Rng::new(config.seed, 0);
        let mut builder = Builder::new(config.accounts, &mut rng);
        builder.populate(config.identities, start);
        if config.confounders {
            confounders::newcomers(&mut builder, start, end);
        }
        let mut world = builder.world;
        let scheduled = world.members.len();
        let mut scripts = Vec::new();
        if config.confounders {
            scripts = confounders::apply(&mut world, (start, end), &mut rng);
        }
        let mail = match config.confounders {
            true => Mail::disturbed(config.seed, world.accounts.len(), (start, end)),
            false => Mail::undisturbed(),
        };
        let mut labels = attacks::stage(&mut world, config, &mut rng, &mut scripts);
        let elsewhere = match config.elsewhere {
            true => Elsewhere::of(config, &mut labels),
            false => Elsewhere::nobody(),
        };
        let mut fleet = Fleet {
            config: config.clone(),
            writer: Writer::new(config.seed),
            tracks: tracks(&world.members, config.seed),
            world,
            labels,
            scripts,
            due: BinaryHeap::new(),
            spare: Vec::new(),
            mail,
            elsewhere,
            happened: 0,
        };
        fleet.schedule_all(scheduled);
        fleet
    }

    /// Appends the next record to `buffer`, as one JSON object without a newline. None when everything within the span
    /// has come in.
    pub fn next(&mut self, buffer: &mut Vec<u8>) -> Option<Emitted> {
        loop {
            let next = self.due.peek().map(|Reverse((time, _))| *time);
            let elsewhere = self.elsewhere.next_time();
            let first = [next, elsewhere].into_iter().flatten().min();
            if let Some(sent) = self.mail.arrived(first) {
                return Some(self.emit(&sent, buffer));
            }
            if elsewhere.is_some() && elsewhere == first {
                return self.elsewhere.next(buffer).map(|written| self.emitted_elsewhere(&written));
            }
            let Reverse((time, source)) = self.due.pop()?;
            let Some(call) = self.queue(source).pop() else {
                self.plan(source, time);
                continue;
            };
            self.schedule(source, time);
            if let Some(sent) = self.send(call) {
                return Some(self.emit(&sent, buffer));
            }
        }
    }

    /// The labels of all attacks, in the order in which they were staged; those elsewhere last.
    pub fn labels(&self) -> &[AttackLabel] {
        &self.labels
    }

    /// How many identities there are, those that attackers create included.
    pub fn identities(&self) -> usize {
        self.world.members.len() + self.elsewhere.len()
    }

    /// The name of an identity, as the detector writes it: the ARN of its role without session, or of its user; the name
    /// of one that lives elsewhere.
    pub fn principal(&self, identity: usize) -> &str {
        match self.world.members.get(identity) {
            Some(member) => &member.principal,
            None => self.elsewhere.principal(identity - self.world.members.len()),
        }
    }

    /// Calls that are planned and not yet emitted: what the fleet's memory grows with.
    pub fn planned(&self) -> usize {
        let queues = self.tracks.iter().map(|track| track.queue.len()).sum::<usize>();
        queues + self.mail.held() + self.elsewhere.planned() + self.scripts.iter().map(Vec::len).sum::<usize>()
    }

    fn schedule_all(&mut self, scheduled: usize) {
        let start = self.config.start;
        for source in 0..scheduled as u32 {
            self.schedule_hour(source, start.hour());
        }
        for script in 0..self.scripts.len() {
            self.scripts[script].sort_by_key(|call| Reverse(call.time));
            self.schedule((self.tracks.len() + script) as u32, start.as_millis());
        }
    }

    fn queue(&mut self, source: u32) -> &mut Vec<Call> {
        let tracks = self.tracks.len();
        match self.tracks.get_mut(source as usize) {
            Some(track) => &mut track.queue,
            None => &mut self.scripts[source as usize - tracks],
        }
    }

    /// Says when the source is due next: at its next planned call, or at its next active hour.
    fn schedule(&mut self, source: u32, now: i64) {
        let end = self.config.end.as_millis();
        if let Some(next) = self.queue(source).last() {
            let time = next.time;
            if time < end {
                self.due.push(Reverse((time, source)));
            }
        } else if (source as usize) < self.tracks.len() {
            // Most identities are idle at any time, and need no room then.
            let empty = std::mem::take(self.queue(source));
            self.spare.extend((empty.capacity() > 0).then_some(empty));
            self.schedule_hour(source, now.div_euclid(HOUR) + 1);
        }
    }

    fn schedule_hour(&mut self, source: u32, hour: i64) {
        let end = (self.config.end.as_millis() - 1).div_euclid(HOUR) + 1;
        let member = &self.world.members[source as usize];
        if let Some(hour) = self.tracks[source as usize].next_active_hour(member, hour, end) {
            self.due.push(Reverse((hour * HOUR, source)));
        }
    }

    /// Plans the hour that an identity has come to.
    fn plan(&mut self, source: u32, time: i64) {
        let Some(track) = self.tracks.get_mut(source as usize) else { return };
        track.queue = self.spare.pop().unwrap_or_default();
        track.plan(&self.world, source, time.div_euclid(HOUR), self.config.rate_scale);
        let start = self.config.start.as_millis();
        track.queue.retain(|call| call.time >= start);
        self.schedule(source, time);
    }

    /// Sends what just happened: gives it back where it arrives at once.
    fn send(&mut self, call: Call) -> Option<Sent> {
        let member = &self.world.members[call.actor as usize];
        let session = match call.session {
            Some(session) => session,
            None => self.tracks[call.actor as usize].session_at(member, call.time),
        };
        let (sequence, arrival) = (self.happened, call.time);
        self.happened += 1;
        self.mail.send(Sent { call, session, sequence, arrival, delivery: Delivery::First }, member.account)
    }

    fn emit(&self, sent: &Sent, buffer: &mut Vec<u8>) -> Emitted {
        self.writer.write(&self.world, sent, buffer);
        let actor = sent.call.actor as usize;
        let by_itself = !sent.call.by_lender || self.world.members[actor].runtime == Runtime::AccessKey;
        Emitted {
            time: Timestamp::from_millis(sent.call.time),
            arrival: Timestamp::from_millis(sent.arrival),
            source: Source::AwsCloudtrail,
            delivery: sent.delivery,
            identity: by_itself.then_some(actor),
            attack: sent.call.attack,
        }
    }

    fn emitted_elsewhere(&self, written: &Written) -> Emitted {
        let time = Timestamp::from_millis(written.time);
        let identity = Some(self.world.members.len() + written.member);
        let Written { source, attack, .. } = *written;
        Emitted { time, arrival: time, source, delivery: Delivery::First, identity, attack }
    }
}

fn tracks(members: &[Member], seed: u64) -> Vec<Track> {
    members.iter().zip(1..).map(|(member, stream)| Track::new(member, Rng::new(seed, stream))).collect()
}
