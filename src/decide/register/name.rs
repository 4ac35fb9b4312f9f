//! Names as people and machines write them: family name first or last, in
//! capitals, with middle initials, hyphens and generations.

use super::compare::Agreement;
use super::rules::MatchRules;

/// So many letters of a given name at its head may stand for all of it: Rob,
/// Robert. Two (Al, Ed) begin too many names.
const SHORT_FORM: usize = 3;
/// So many letters of a whole name may be others before it is somebody else's.
const MISREAD_LETTERS: usize = 2;

/// A name taken apart and folded: small letters without accents.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PersonName {
    given: Vec<String>,
    /// The parts of a hyphenated or several-worded name; never empty.
    family: Vec<String>,
    generation: Option<u8>,
}

impl PersonName {
    /// `None` where no family name is left.
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut generation = None;
        let mut tokens = |text: &str| -> Vec<Vec<String>> {
            let tokens = text.split_whitespace().map(words).filter(|words| !words.is_empty());
            let (told, rest): (Vec<_>, Vec<_>) =
                tokens.partition(|words| matches!(words.as_slice(), [w] if number_of(w).is_some()));
            generation = generation.or(told.iter().flatten().find_map(|word| number_of(word)));
            rest
        };
        let (head, tail) = text.split_once(',').unwrap_or((text, ""));
        let (mut head, tail) = (tokens(head), tokens(tail));
        // Behind a comma stands the given name, or only "Jr".
        let (given, family) = if tail.is_empty() {
            let family = head.pop()?;
            (head.concat(), family)
        } else {
            (tail.concat(), head.concat())
        };
        (!family.is_empty()).then_some(Self { given, family, generation })
    }

    /// The words by which a register finds the family: each, since of a
    /// hyphenated name one may be left out.
    pub(super) fn family(&self) -> &[String] {
        &self.family
    }

    fn last(&self) -> &str {
        self.family.last().map_or("", String::as_str)
    }
}

/// The words of a token; apostrophes do not part it, anything else does.
fn words(token: &str) -> Vec<String> {
    let token: String = token.chars().filter(|c| !matches!(c, '\'' | '’' | '`')).collect();
    token
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().flat_map(char::to_lowercase).map(plain).collect())
        .collect()
}

/// Without the accents of western Europe, which faxes lose.
fn plain(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ý' | 'ÿ' => 'y',
        other => other,
    }
}

fn number_of(word: &str) -> Option<u8> {
    match word {
        "sr" | "senior" => Some(1),
        "jr" | "junior" | "ii" => Some(2),
        "iii" => Some(3),
        "iv" => Some(4),
        _ => None,
    }
}

/// How far two names are one person's.
pub(super) fn agree(ours: &PersonName, theirs: &PersonName, rules: &MatchRules) -> Agreement {
    let generations = ours.generation.zip(theirs.generation);
    if generations.is_some_and(|(ours, theirs)| ours != theirs) {
        return Agreement::Conflicts;
    }
    match (family(ours, theirs, rules), given(&ours.given, &theirs.given, rules)) {
        (Agreement::Fully, given) => given,
        (Agreement::Weakly, Agreement::Fully) => Agreement::Weakly,
        // Without a given name a misread family name says nothing at all.
        (Agreement::Weakly, Agreement::Unknown) => Agreement::Unknown,
        (Agreement::Weakly, Agreement::Weakly | Agreement::Conflicts)
        | (Agreement::Unknown | Agreement::Conflicts, _) => Agreement::Conflicts,
    }
}

/// Whether a bad line may have made one of the other: a letter or two in the
/// whole of it, the blank between its words among them ("NorberteQuimby").
/// By itself nothing to act on, but something to look at.
pub(super) fn may_be_misread(ours: &PersonName, theirs: &PersonName) -> bool {
    let whole = |name: &PersonName| name.given.concat() + &name.family.concat();
    let generations = ours.generation.zip(theirs.generation);
    generations.is_none_or(|(ours, theirs)| ours == theirs)
        && strsim::levenshtein(&whole(ours), &whole(theirs)) <= MISREAD_LETTERS
}

fn family(ours: &PersonName, theirs: &PersonName, rules: &MatchRules) -> Agreement {
    let has = |name: &PersonName, word: &str| name.family.iter().any(|part| part == word);
    let (whole_ours, whole_theirs) = (ours.family.concat(), theirs.family.concat());
    if has(ours, theirs.last()) || has(theirs, ours.last()) || whole_ours == whole_theirs {
        Agreement::Fully
    } else if is_near(ours.last(), theirs.last(), rules)
        || is_near(&whole_ours, &whole_theirs, rules)
    {
        Agreement::Weakly
    } else {
        Agreement::Conflicts
    }
}

fn given(ours: &[String], theirs: &[String], rules: &MatchRules) -> Agreement {
    let (Some(a), Some(b)) = (ours.first(), theirs.first()) else { return Agreement::Unknown };
    let short_of = |short: &str, long: &str| {
        long.starts_with(short) && (short.len() == 1 || short.len() >= SHORT_FORM)
    };
    if a == b && a.len() > 1 {
        Agreement::Fully
    } else if short_of(a, b)
        || short_of(b, a)
        || is_near(a, b, rules)
        // Known by the middle name.
        || a.len() > 1 && theirs.contains(a)
        || b.len() > 1 && ours.contains(b)
    {
        Agreement::Weakly
    } else {
        Agreement::Conflicts
    }
}

/// One letter apart, in a name long enough for that to be a misreading.
fn is_near(a: &str, b: &str, rules: &MatchRules) -> bool {
    a.chars().count().min(b.chars().count()) >= rules.long_name && strsim::levenshtein(a, b) == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::register::tests::build::RULES;

    #[test]
    fn ways_to_write_one_name() {
        let base = PersonName::of("Edith Sample").unwrap();
        for (other, expected) in [
            ("SAMPLE, EDITH", Agreement::Fully),
            ("Sample,Edith M.", Agreement::Fully),
            ("Édith Sample Jr.", Agreement::Fully),
            ("Edith Sample-Jones", Agreement::Fully),
            ("E. Sample", Agreement::Weakly),
            ("Anna Edith Sample", Agreement::Weakly),
            ("Edith Sarnple", Agreement::Conflicts),
            ("Edith Simple", Agreement::Weakly),
            ("Ellen Sample", Agreement::Conflicts),
            ("Edith Example", Agreement::Conflicts),
            ("Sample", Agreement::Unknown),
        ] {
            let other_name = PersonName::of(other).unwrap();
            assert_eq!(agree(&base, &other_name, &RULES), expected, "{other}");
            assert_eq!(agree(&other_name, &base, &RULES), expected, "{other}");
        }
        assert_eq!(PersonName::of(" , "), None);
    }

    #[test]
    fn what_a_bad_line_may_make_of_a_name() {
        let misread = |a: &str, b: &str| {
            may_be_misread(&PersonName::of(a).unwrap(), &PersonName::of(b).unwrap())
        };
        assert!(misread("Ruth Sample", "Rute Sample"));
        assert!(misread("Norbert Quimby", "NorberteQuimby"));
        assert!(misread("QUIMBY, NORBERT", "Norbert Qu1mby"));
        assert!(!misread("Ruth Sample", "Anna Sample"));
        assert!(!misread("Ruth Sample", "Sample"));
        assert!(!misread("John Sample Sr", "John Sample Jr"));
    }

    #[test]
    fn a_father_is_not_his_son_and_a_particle_is_no_family() {
        let agree = |a: &str, b: &str| {
            agree(&PersonName::of(a).unwrap(), &PersonName::of(b).unwrap(), &RULES)
        };
        assert_eq!(agree("John Sample Sr", "Sample, John, Jr."), Agreement::Conflicts);
        assert_eq!(agree("Sample, John, Jr.", "Sample Jr, John"), Agreement::Fully);
        assert_eq!(agree("van Dyke, Ada", "van Berg, Ada"), Agreement::Conflicts);
        assert_eq!(agree("van der Berg, Ada", "Ada van der Berg"), Agreement::Fully);
        assert_eq!(agree("Ada O'Malley", "OMALLEY, ADA"), Agreement::Fully);
    }
}
