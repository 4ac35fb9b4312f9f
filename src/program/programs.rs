//! All program models together.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::model::Program;
use super::problem::ProgramProblem;
use super::{render, written};
use crate::vocab::Sha256Digest;

/// The program models of an installation: at least one version of each
/// program, no two versions of one in force on the same day.
#[derive(Clone, Debug, Serialize)]
pub struct Programs {
    /// By id, then by the day they begin.
    programs: Vec<Program>,
    digest: Sha256Digest,
}

impl Programs {
    /// Reads all files (name and text), or reports everything wrong with any
    /// of them.
    pub fn parse(
        files: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Vec<ProgramProblem>> {
        let mut files: Vec<(String, String)> = files.into_iter().collect();
        files.sort();
        let mut programs = Vec::new();
        let mut problems = Vec::new();
        for (file, text) in &files {
            match written::read(file, text) {
                Ok(program) => programs.push(program),
                Err(more) => problems.extend(more),
            }
        }
        if files.is_empty() {
            problems.push(ProgramProblem {
                file: "models/programs".into(),
                key: String::new(),
                message: "holds no program model".into(),
                hint: "restore the files that came with this release".into(),
            });
        }
        programs.sort_by(|a, b| (&a.id, a.effective_from).cmp(&(&b.id, b.effective_from)));
        problems.extend(overlaps(&programs));
        if problems.is_empty() {
            Ok(Self { programs, digest: digest(&files) })
        } else {
            Err(problems)
        }
    }

    /// The newest version of a program.
    pub fn get(&self, id: &str) -> Option<&Program> {
        self.programs.iter().rfind(|program| program.id == id)
    }

    /// The version of a program in force on a day of receipt.
    pub fn get_on(&self, id: &str, day: Date) -> Option<&Program> {
        self.in_force(day).find(|program| program.id == id)
    }

    /// All versions, by id and then by the day they begin.
    pub fn iter(&self) -> impl Iterator<Item = &Program> {
        self.programs.iter()
    }

    /// Those in force on a day of receipt.
    pub fn in_force(&self, day: Date) -> impl Iterator<Item = &Program> {
        self.programs.iter().filter(move |program| program.holds_on(day))
    }

    /// Those in force at a moment of receipt, each by the day in its own zone.
    pub fn in_force_at(&self, received_at: Timestamp) -> impl Iterator<Item = &Program> {
        let day = move |one: &Program| received_at.to_zoned(one.zone.clone()).date();
        self.programs.iter().filter(move |one| one.holds_on(day(one)))
    }

    /// Of all files, names and texts; stored with every decision.
    pub fn digest(&self) -> Sha256Digest {
        self.digest
    }

    /// Plain text for `intake programs show`: of one program or all, on a day
    /// or all versions. Says so where nothing fits.
    pub fn show(&self, id: Option<&str>, at: Option<Date>) -> String {
        render::show(&self.select(id, at), at)
    }

    /// What [`Programs::show`] shows, for `--json`.
    pub fn select(&self, id: Option<&str>, at: Option<Date>) -> Vec<&Program> {
        self.programs
            .iter()
            .filter(|program| id.is_none_or(|id| program.id == id))
            .filter(|program| at.is_none_or(|day| program.holds_on(day)))
            .collect()
    }
}

/// Versions of one program that hold on the same day.
fn overlaps(programs: &[Program]) -> Vec<ProgramProblem> {
    let pairs = programs.iter().enumerate().flat_map(|(place, earlier)| {
        programs[place + 1..].iter().map(move |later| (earlier, later))
    });
    let overlap = |(earlier, later): (&Program, &Program)| {
        let apart = earlier.id != later.id
            || earlier.effective_to.is_some_and(|end| end <= later.effective_from);
        (!apart).then(|| ProgramProblem {
            file: later.file.clone(),
            key: "effective_from".into(),
            message: format!(
                "overlaps version {:?} of {} in {}",
                earlier.version, earlier.id, earlier.file
            ),
            hint: format!("end the earlier one with effective_to = \"{}\"", later.effective_from),
        })
    };
    pairs.filter_map(overlap).collect()
}

/// Lengths are hashed along, so that no text can move between files unseen.
fn digest(files: &[(String, String)]) -> Sha256Digest {
    let mut bytes = Vec::new();
    for (name, text) in files {
        for part in [name, text] {
            bytes.extend((part.len() as u64).to_be_bytes());
            bytes.extend(part.as_bytes());
        }
    }
    Sha256Digest::of(&bytes)
}
