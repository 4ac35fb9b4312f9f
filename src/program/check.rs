//! What is wrong with models that can be read.
//!
//! Nothing here keeps a service from running: where rules contradict each other a
//! document stays in review and says so. But somebody ought to know before the
//! document does.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::model::{Kind, Program};
use super::problem::ProgramProblem;
use super::rules::{Days, Doubt, KeyDate, Resolved, Rule, Rules, Situation, Topic};

/// All problems, of the programs first.
pub(super) fn check(
    programs: &[Program],
    rules: &Rules,
    is_list: impl Fn(&str) -> bool,
) -> Vec<ProgramProblem> {
    let mut problems = uncovered_versions(programs);
    problems
        .extend(rules.iter().flat_map(|rule| names_of_nothing(rule, programs, rules, &is_list)));
    problems.extend(pairs(rules));
    problems.extend(gaps(programs, rules));
    problems.extend(rules.iter().filter_map(|rule| dead(rule, programs, rules)));
    problems
}

fn at(rule: &Rule, key: &str, message: String, hint: impl Into<String>) -> ProgramProblem {
    ProgramProblem {
        file: rule.file.clone(),
        key: if key.is_empty() { rule.key.clone() } else { format!("{}.{key}", rule.key) },
        message,
        hint: hint.into(),
    }
}

/// A decision names rules by their ids, so that an id has to mean one of them.
pub(super) fn ids_used_twice(rules: &Rules) -> Vec<ProgramProblem> {
    let mut first: BTreeMap<&str, &Rule> = BTreeMap::new();
    let mut problems = Vec::new();
    for rule in rules.iter() {
        match first.get(rule.id.as_str()) {
            Some(other) => problems.push(at(
                rule,
                "id",
                format!("{:?} is also the id of {} in {}", rule.id, other.key, other.file),
                "give each rule its own id; to change one, edit it or end it with effective_to",
            )),
            None => {
                first.insert(&rule.id, rule);
            }
        }
    }
    problems
}

/// Days between two versions of a program on which none holds.
fn uncovered_versions(programs: &[Program]) -> Vec<ProgramProblem> {
    let gap = |pair: &[Program]| {
        let [earlier, later] = pair else { return None };
        let end = earlier.effective_to.filter(|end| *end < later.effective_from)?;
        (earlier.id == later.id).then(|| ProgramProblem {
            file: later.file.clone(),
            key: "effective_from".into(),
            message: format!(
                "leaves {} without a version from {end} to before {}",
                later.id, later.effective_from
            ),
            hint: format!("let it begin on {end}, or the one in {} end later", earlier.file),
        })
    };
    programs.windows(2).filter_map(gap).collect()
}

fn names_of_nothing(
    rule: &Rule,
    programs: &[Program],
    rules: &Rules,
    is_list: &impl Fn(&str) -> bool,
) -> Vec<ProgramProblem> {
    let ids: BTreeSet<&str> = programs.iter().map(|program| program.id.as_str()).collect();
    let delegated = |list: &str| {
        programs.iter().any(|program| program.scope.delegated_list.as_deref() == Some(list))
    };
    let mut problems = Vec::new();
    for program in rule.scope.program.iter().filter(|one| !ids.contains(one.as_str())) {
        let known: Vec<&str> = ids.iter().copied().collect();
        problems.push(at(
            rule,
            "scope.program",
            format!("{program:?} is no program"),
            format!("one of {}", known.join(", ")),
        ));
    }
    let lists = rule.scope.hcpcs_set.iter();
    for list in lists.filter(|list| !is_list(list) && !delegated(list)) {
        problems.push(at(
            rule,
            "scope.hcpcs_set",
            format!("{list:?} is no list of codes"),
            format!("`intake codes import --list {list}` takes one in"),
        ));
    }
    let groups = rule.scope.group.iter();
    for group in groups.filter(|group| rules.groups().iter().all(|one| one.id != **group)) {
        problems.push(at(
            rule,
            "scope.group",
            format!("{group:?} is no group"),
            format!("add [[group]] with id = {group:?} and the words that name it on paper"),
        ));
    }
    problems
}

/// Two rules of a topic that ask about the same and hold on the same day.
fn pairs(rules: &Rules) -> Vec<ProgramProblem> {
    let mut problems = Vec::new();
    for topic in Topic::ALL {
        let about: Vec<&Rule> = rules.about(*topic).collect();
        for (place, earlier) in about.iter().enumerate() {
            let later = about[place + 1..].iter().copied();
            let meeting =
                later.filter(|one| one.meets(earlier) && one.scope.same_for_some(&earlier.scope));
            problems.extend(meeting.filter_map(|later| pair(earlier, later)));
        }
    }
    problems
}

fn pair(one: &Rule, other: &Rule) -> Option<ProgramProblem> {
    let (earlier, later) =
        if one.effective_from <= other.effective_from { (one, other) } else { (other, one) };
    let named = format!("{:?} in {}", earlier.id, earlier.file);
    if earlier.value == later.value {
        let message = format!("says again what {named} says for the same documents and days");
        let hint = "say it once; scopes take lists, such as program = [\"dme_com\", \"hh_com\"]";
        return Some(at(later, "value", message, hint));
    }
    (earlier.status == later.status).then(|| {
        let message = format!("overlaps {named}, which says something else");
        let hint = if earlier.effective_from < later.effective_from {
            format!("end that one with effective_to = \"{}\"", later.effective_from)
        } else {
            "both begin on the same day: take one out, or narrow its scope".to_owned()
        };
        at(later, "effective_from", message, hint)
    })
}

/// Days of a program that reviews on which nothing is said about a topic that it
/// needs: from its first day to its last, whatever the kind of day.
fn gaps(programs: &[Program], rules: &Rules) -> Vec<ProgramProblem> {
    let reviewing = programs.iter().filter(|program| program.kind == Kind::Review);
    let needed = || Topic::ALL.iter().copied().filter(|topic| topic.is_needed());
    let gap = |program: &Program, topic: Topic| {
        let day = first_day_without(program, topic, rules)?;
        Some(ProgramProblem {
            file: program.file.clone(),
            key: String::new(),
            message: format!("no rule says {} for {} on {day}", topic.as_str(), program.id),
            hint: format!("add a [[rule]] with topic = \"{}\" that holds then", topic.as_str()),
        })
    };
    reviewing.flat_map(|program| needed().filter_map(move |topic| gap(program, topic))).collect()
}

fn first_day_without(program: &Program, topic: Topic, rules: &Rules) -> Option<Date> {
    let plain = Situation::of(program);
    let holding: Vec<&Rule> = rules.about(topic).filter(|rule| rule.scope.fits(&plain)).collect();
    let mut day = program.effective_from;
    loop {
        if program.effective_to.is_some_and(|end| end <= day) {
            return None;
        }
        let covering: Vec<&&Rule> = holding.iter().filter(|rule| rule.holds_on(day)).collect();
        if covering.is_empty() {
            return Some(day);
        }
        // The last of them to end; none if one never does.
        day = covering
            .iter()
            .map(|rule| rule.effective_to)
            .try_fold(day, |latest, end| end.map(|end| latest.max(end)))?;
    }
}

/// A rule that never counts. It is asked for in the situations that suit it best,
/// on every day on which the answer may change.
fn dead(rule: &Rule, programs: &[Program], rules: &Rules) -> Option<ProgramProblem> {
    let reached: Vec<&Program> = programs
        .iter()
        .filter(|program| program.kind == Kind::Review && rule.scope.reaches(program))
        .collect();
    if reached.is_empty() {
        let message = format!("{:?} is for no program that reviews", rule.id);
        return Some(at(rule, "scope", message, "mend the scope, or take the rule out"));
    }
    let lives = reached.iter().any(|program| {
        situations(rule, program).iter().any(|situation| {
            days(rule, program, rules).into_iter().any(|days| {
                let situation = Situation { days, ..situation.clone() };
                let winner = rules.resolve(rule.topic, &situation);
                winner.is_some_and(|winner| counts(rule, &winner))
            })
        })
    });
    (!lives).then(|| {
        let message = format!(
            "{:?} never counts: narrower, later or current rules stand before it, or its programs \
             are not in force on its days",
            rule.id
        );
        at(rule, "", message, "mend scope or days, or take the rule out")
    })
}

fn counts(rule: &Rule, winner: &Resolved) -> bool {
    // Who is in doubt with the winner is alive; the doubt is another problem.
    winner.rule.id == rule.id
        || winner.rule.value == rule.value && winner.rule.scope == rule.scope
        || match &winner.doubt {
            Some(Doubt::Conflict(rules) | Doubt::DayUnknown(rules)) => {
                rules.iter().any(|one| one.id == rule.id)
            }
            None => false,
        }
}

/// What a rule asks for and nothing more, since more only brings rivals.
fn situations<'a>(rule: &'a Rule, program: &'a Program) -> Vec<Situation<'a>> {
    fn each(listed: &[String]) -> Vec<Option<&str>> {
        if listed.is_empty() { vec![None] } else { listed.iter().map(|one| Some(&**one)).collect() }
    }
    let mut situations = Vec::new();
    for state in each(&rule.scope.state) {
        for set in each(&rule.scope.hcpcs_set) {
            for group in each(&rule.scope.group) {
                let mut situation = Situation::of(program);
                situation.state = state;
                situation.hcpcs_sets.extend(set);
                situation.groups.extend(group);
                situations.push(situation);
            }
        }
    }
    situations
}

/// The days on which an answer may change, as far as a document of this program can
/// have them: it is received while the program is in force and decided no sooner. A
/// day on which nothing hangs stays unknown.
fn days(rule: &Rule, program: &Program, rules: &Rules) -> Vec<Days> {
    let of = |key: KeyDate| -> Vec<Option<Date>> {
        let keyed = || rules.about(rule.topic).filter(|one| one.keyed_on == key);
        if keyed().next().is_none() {
            return vec![None];
        }
        let changes =
            keyed().flat_map(|one| [Some(one.effective_from), one.effective_to]).flatten();
        let possible = |day: &Date| match key {
            KeyDate::ReceivedAt => program.holds_on(*day),
            KeyDate::DeterminedAt => *day >= program.effective_from,
            KeyDate::DateOfService => true,
        };
        let days = changes.chain([program.effective_from]).filter(possible);
        days.collect::<BTreeSet<_>>().into_iter().map(Some).collect()
    };
    let mut all = Vec::new();
    for received in of(KeyDate::ReceivedAt) {
        for service in of(KeyDate::DateOfService) {
            for determined in of(KeyDate::DeterminedAt) {
                let decided_first =
                    received.zip(determined).is_some_and(|(received, decided)| decided < received);
                if !decided_first {
                    all.push(Days { received, service, determined });
                }
            }
        }
    }
    all
}
