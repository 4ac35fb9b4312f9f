//! The people of the month, and what is really true of their cases: kept here,
//! apart from the register, which only knows what was read.

use intake::vocab::CaseRef;
use jiff::Timestamp;
use jiff::civil::Date;
use rand::Rng;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha8Rng;

const GIVEN: [&str; 24] = [
    "Edith", "Walter", "Ada", "Otto", "Ruth", "Carl", "Ines", "Paul", "Greta", "Milton", "Lorna",
    "Jasper", "Noreen", "Osgood", "Fiona", "Leopold", "Beatrice", "Gideon", "Harriet", "Percival",
    "Tamsin", "Norbert", "Alma", "Horace",
];
const FAMILY: [&str; 24] = [
    "Sample",
    "Example",
    "Specimen",
    "Muster",
    "Pattern",
    "Model",
    "Instance",
    "Template",
    "Placeholder",
    "Oakhurst",
    "Yarrow",
    "Whitcombe",
    "Galloway",
    "Dunmore",
    "Castellan",
    "Quimby",
    "Fairbrook",
    "Larkspur",
    "Pemberton",
    "Abernathy",
    "Thistlewood",
    "Ironside",
    "Kingsley",
    "Birchfield",
];

/// Whose member somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    Commercial,
    Medicare,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    pub born: Date,
    pub id: String,
    pub plan: Plan,
}

/// What somebody may ask for: a code, its family, and which program reviews it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thing {
    pub code: &'static str,
    pub family: &'static str,
    pub words: &'static str,
    pub care: Care,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    Equipment,
    HomeHealth,
    SleepTest,
}

const fn thing(code: &'static str, family: &'static str, words: &'static str, care: Care) -> Thing {
    Thing { code, family, words, care }
}

pub const OXYGEN: Thing = thing("E1390", "oxygen", "oxygen concentrator", Care::Equipment);
pub const PAP: Thing = thing("E0601", "pap_rad", "cpap device", Care::Equipment);
pub const THINGS: [Thing; 10] = [
    thing("E0260", "hospital_bed", "hospital bed", Care::Equipment),
    thing("K0001", "wheelchair", "wheelchair", Care::Equipment),
    thing("E0143", "walking_aid", "walker", Care::Equipment),
    thing("L1832", "orthotic", "knee orthosis", Care::Equipment),
    thing("E0630", "patient_lift", "patient lift", Care::Equipment),
    thing("E0465", "ventilator", "ventilator", Care::Equipment),
    OXYGEN,
    thing("G0151", "hh_therapy", "home health physical therapy", Care::HomeHealth),
    thing("G0299", "hh_nursing", "home health nursing", Care::HomeHealth),
    thing("95810", "sleep_test", "sleep study polysomnography", Care::SleepTest),
];

/// Which program a request belongs to, as the plan's own papers say it.
pub fn program(plan: Plan, thing: Thing) -> Option<&'static str> {
    match (thing.care, plan) {
        (Care::Equipment, Plan::Commercial) => Some("dme_com"),
        (Care::Equipment, Plan::Medicare) => Some("dme_ma"),
        (Care::HomeHealth, Plan::Commercial) => Some("hh_com"),
        (Care::SleepTest, Plan::Commercial) => Some("sleep_com"),
        (Care::HomeHealth | Care::SleepTest, Plan::Medicare) => None,
    }
}

/// A case as it really is.
#[derive(Clone, Debug)]
pub struct Case {
    pub person: usize,
    pub thing: Thing,
    /// Ours, once it is opened.
    pub reference: CaseRef,
    pub opened: Timestamp,
    pub decided: Option<Timestamp>,
    /// What was asked for and has not come.
    pub asked: Vec<String>,
    pub hold: Option<String>,
    pub due: Option<Timestamp>,
    pub by_phone: bool,
}

#[derive(Default)]
pub struct World {
    pub people: Vec<Person>,
    pub cases: Vec<Case>,
}

impl World {
    /// Somebody new; now and then another person of a family that is known, or
    /// somebody with a name that is known.
    pub fn person(&mut self, rng: &mut ChaCha8Rng, plan: Plan) -> usize {
        let mut person = Person {
            name: format!("{} {}", GIVEN.choose(rng).unwrap(), FAMILY.choose(rng).unwrap()),
            born: Date::new(
                rng.random_range(1930..2015),
                rng.random_range(1..=12),
                rng.random_range(1..=28),
            )
            .unwrap(),
            id: match plan {
                Plan::Commercial => {
                    format!(
                        "U{:08}{:02}",
                        rng.random_range(10_000_000..99_999_999),
                        rng.random_range(1..=4)
                    )
                }
                Plan::Medicare => medicare(rng),
            },
            plan,
        };
        let same_plan: Vec<&Person> = self.people.iter().filter(|one| one.plan == plan).collect();
        match (rng.random_range(0..100), same_plan.choose(rng)) {
            // Twins, or a parent and a child, on one subscriber's number.
            (0..8, Some(kin)) if plan == Plan::Commercial => {
                let base = &kin.id[..9];
                let own = if kin.id.ends_with("01") { "02" } else { "01" };
                person.id = format!("{base}{own}");
                let family = kin.name.split(' ').next_back().unwrap();
                let given = GIVEN.iter().find(|given| !kin.name.starts_with(**given)).unwrap();
                person.name = format!("{given} {family}");
                if rng.random_bool(0.3) {
                    person.born = kin.born;
                }
                if self.people.iter().any(|one| one.id == person.id) {
                    person.id = format!("{base}{:02}", rng.random_range(5..=9));
                }
            }
            (8..14, Some(namesake)) => person.name.clone_from(&namesake.name),
            _ => {}
        }
        self.people.push(person);
        self.people.len() - 1
    }

    /// Cases of a person for a family of things, the newest last.
    pub fn of(&self, person: usize, family: &str) -> Vec<usize> {
        let own = |case: &Case| case.person == person && case.thing.family == family;
        (0..self.cases.len()).filter(|at| own(&self.cases[*at])).collect()
    }
}

/// A Medicare number: letters S, L, O, I, B and Z do not occur in it.
fn medicare(rng: &mut ChaCha8Rng) -> String {
    const LETTERS: &[u8] = b"ACDEFGHJKMNPQRTUVWXY";
    let letter = |rng: &mut ChaCha8Rng| char::from(*LETTERS.choose(rng).unwrap());
    let digit = |rng: &mut ChaCha8Rng, least: u8| char::from(rng.random_range(b'0' + least..=b'9'));
    "dlddlddlldd"
        .char_indices()
        .map(|(at, shape)| match shape {
            'l' => letter(rng),
            _ => digit(rng, u8::from(at == 0)),
        })
        .collect()
}
