//! The rules that count for one document under its program: looked up once, so that
//! every row reads the same and the disposition can name them.

use jiff::civil::Date;

use super::disposition::Reason;
use super::ending::reason;
use super::facts::Facts;
use crate::extract::findings::IntentKind;
use crate::program::rules::Reads;
use crate::program::{
    Days, Doubt, OutsideRetro, Oxygen, Party, PeerToPeer, Program, Programs, Resolved, SameDay,
    Situation, Topic, UrgentByFax, Window,
};

/// What the rows read. Who reviews and how long an authorization holds is for those
/// who decide later, on a day that is not known yet.
const READ: [Topic; 8] = [
    Topic::SameDay,
    Topic::ServiceFrom,
    Topic::Oxygen,
    Topic::UrgentByFax,
    Topic::NotRequired,
    Topic::AppealHeardBy,
    Topic::PeerToPeer,
    Topic::LetterTo,
];

/// What they read where the day of service is known: it is always asked for by that
/// day, and without one there is nothing after the fact.
const READ_OF_SERVICE: [Topic; 2] = [Topic::RetroWindow, Topic::RetroOutside];

/// Rules that count, by topic. Nothing where the program is not known.
#[derive(Default)]
pub(super) struct Policy<'p> {
    rules: Vec<Resolved<'p>>,
}

impl<'p> Policy<'p> {
    pub(super) fn of(facts: &Facts<'p>, program: &Program, programs: &'p Programs) -> Self {
        let supplied_on = facts.supplied_on().map(|(day, _)| day);
        let state = facts.state();
        let mut situation = Situation::of(program);
        situation.state = state.as_deref();
        let codes = &facts.findings.hcpcs;
        let sets = codes.iter().flat_map(|found| programs.hcpcs_sets(&found.code, &found.lists));
        situation.hcpcs_sets.extend(sets);
        let groups = programs.rules().groups().iter();
        let told = groups.filter(|group| facts.words.count(&group.words) > 0);
        situation.groups.extend(told.map(|group| group.id.as_str()));
        situation.days = Days { received: facts.today(), service: supplied_on, determined: None };
        let of_service = READ_OF_SERVICE.iter().filter(|_| supplied_on.is_some());
        let topics = READ.iter().chain(of_service);
        let rules = topics.filter_map(|topic| programs.rules().resolve(*topic, &situation));
        Self { rules: rules.chain(current_fax(facts, programs)).collect() }
    }

    fn read<T: Reads>(&self, topic: Topic) -> Option<&'p T> {
        self.rules.iter().find(|one| one.rule.topic == topic)?.read()
    }

    pub(super) fn same_day(&self) -> Option<SameDay> {
        self.read(Topic::SameDay).copied()
    }

    /// How long after the fact a request is taken; not at all without.
    pub(super) fn retro_window(&self) -> Option<Window> {
        self.read(Topic::RetroWindow).copied()
    }

    pub(super) fn retro_outside(&self) -> Option<OutsideRetro> {
        self.read(Topic::RetroOutside).copied()
    }

    pub(super) fn service_from(&self) -> Option<Date> {
        self.read(Topic::ServiceFrom).copied()
    }

    pub(super) fn oxygen(&self) -> Option<Oxygen> {
        self.read(Topic::Oxygen).copied()
    }

    pub(super) fn urgent_by_fax(&self) -> Option<UrgentByFax> {
        self.read(Topic::UrgentByFax).copied()
    }

    /// Families of codes that need no review; often none.
    pub(super) fn not_required(&self) -> &'p [String] {
        self.read::<Vec<String>>(Topic::NotRequired).map_or(&[], Vec::as_slice)
    }

    pub(super) fn appeal_heard_by(&self) -> Option<Party> {
        self.read(Topic::AppealHeardBy).copied()
    }

    pub(super) fn peer_to_peer(&self) -> Option<PeerToPeer> {
        self.read(Topic::PeerToPeer).copied()
    }

    /// The number to tell a sender of who dialled an older one.
    pub(super) fn current_fax(&self) -> Option<&'p str> {
        self.read::<String>(Topic::CurrentFax).map(String::as_str)
    }

    /// By id, for the disposition.
    pub(super) fn ids(&self) -> impl Iterator<Item = String> {
        self.rules.iter().map(|one| one.rule.id.clone())
    }

    /// Rules that contradict each other here, or that a day would tell apart which
    /// nobody knows.
    pub(super) fn doubts(&self) -> Vec<Reason> {
        let doubt = |one: &Resolved| {
            let (code, rules, message) = match one.doubt.as_ref()? {
                Doubt::Conflict(rules) => {
                    ("policy.conflict", rules, "Rules contradict each other about")
                }
                Doubt::DayUnknown(rules) => (
                    "policy.day_unknown",
                    rules,
                    "A day that is not known tells between rules about",
                ),
            };
            let ids: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
            let message = format!(
                "{message} {} ({}); {} counts, which keeps it in review.",
                one.rule.topic.as_str(),
                ids.join(", "),
                one.rule.id
            );
            Some(reason(code, message, vec![]))
        };
        self.rules.iter().filter_map(doubt).collect()
    }
}

/// Of the program whose number was dialled. Who looks for a provider has dialled no
/// older number: care coordination has the same one.
fn current_fax<'p>(facts: &Facts<'p>, programs: &'p Programs) -> Option<Resolved<'p>> {
    if facts.intent(IntentKind::CareCoordination).is_some() {
        return None;
    }
    facts.dialled().into_iter().find_map(|program| {
        let mut situation = Situation::of(program);
        let received = facts.document.received_at.to_zoned(program.zone.clone()).date();
        situation.days.received = Some(received);
        programs.rules().resolve(Topic::CurrentFax, &situation)
    })
}
