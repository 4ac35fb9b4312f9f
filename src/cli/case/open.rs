use jiff::Timestamp;

use super::line;
use crate::cli::args::CaseOpenArgs;
use crate::cli::exit::Failure;
use crate::cli::output;
use crate::config::{Config, Knowledge};
use crate::decide::register::{CaseLine, CaseMember, CaseRecord, CaseReference};
use crate::extract::findings::ReferenceKind;
use crate::pipeline::{references, service};
use crate::vocab::codes::CodeTable;
use crate::vocab::{HcpcsCode, Npi, Phi};

/// Opens a case that was taken down in a call, and prints its reference.
pub async fn run(config: &Config, args: &CaseOpenArgs) -> Result<(), Failure> {
    let knowledge = Knowledge::of(config)?;
    if let Some(id) = &args.program
        && knowledge.programs.get(id).is_none()
    {
        let next = "`intake programs show` lists those in force today";
        return Err(Failure::wrong_use("programs.unknown", "no such program", next));
    }
    let case = CaseRecord {
        program: args.program.clone(),
        member: CaseMember {
            name: args.member_name.as_deref().map(Phi::from),
            date_of_birth: args.date_of_birth.map(Phi::new),
            id: args.member_id.as_deref().map(Phi::from),
        },
        ordering: npi(args.ordering_npi.as_deref())?,
        rendering: npi(args.rendering_npi.as_deref())?,
        lines: lines(args, &knowledge.codes)?,
        references: args.number.iter().map(|number| reference(number)).collect(),
        by_phone: true,
        note: Some(Phi::from(args.note.as_str())),
        ..CaseRecord::new(references::case(), args.opened_at.unwrap_or_else(Timestamp::now))
    };
    service::open(config).await?.store.open_case(&case).await?;
    let member = &case.member;
    let keys = [member.name.is_some(), member.date_of_birth.is_some(), member.id.is_some()];
    if keys.into_iter().filter(|known| *known).count() < 2 {
        output::remark(
            "no document will find this case by its patient: that takes two of name, date of \
             birth and member id",
        );
    }
    output::line(case.reference.as_str())
}

fn npi(text: Option<&str>) -> Result<Option<Npi>, Failure> {
    let parsed = text.map(|text| {
        Npi::parse(text).map_err(|_| {
            let next = "an NPI has ten digits, begins with 1 or 2, and passes its check";
            Failure::wrong_use("case.npi", "that is no NPI", next)
        })
    });
    parsed.transpose()
}

fn lines(args: &CaseOpenArgs, codes: &CodeTable) -> Result<Vec<CaseLine>, Failure> {
    let by_code = args.code.iter().map(|text| {
        let code = HcpcsCode::parse(&text.to_uppercase()).ok();
        code.filter(|code| codes.get(code).is_some()).map(|code| line(code, codes)).ok_or_else(
            || {
                let what = format!("{text:?} is no code that is known");
                Failure::wrong_use("case.code", what, "`intake codes show CODE` says what is known")
            },
        )
    });
    let by_family = args.family.iter().map(|family| {
        if codes.iter().any(|(_, facts)| facts.family == *family) {
            return Ok(CaseLine { code: None, family: family.clone() });
        }
        let what = format!("{family:?} is no family of codes");
        let next = "`intake codes show CODE` names the family of a code, such as oxygen";
        Err(Failure::wrong_use("case.family", what, next))
    });
    by_code.chain(by_family).collect()
}

fn reference(number: &str) -> CaseReference {
    CaseReference { kind: ReferenceKind::Authorization, value: Phi::from(number) }
}
