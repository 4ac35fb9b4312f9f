//! The table of what "pending discharge" means on paper, row by row.

use jiff::civil::date;

use super::build::{RECEIVED, cover, cues, extract, extract_with, page};
use crate::extract::findings::PageKind;
use crate::extract::findings::PendingDischarge::{self, Ambiguous, Medium, None, Strong, Weak};
use crate::extract::findings::Urgency;
use crate::extract::pending::WORDS_OF_A_DENIAL;
use crate::receive::received::Context;
use crate::vocab::{EvidenceSource, Phi};

fn on_cover(comment: &str) -> PendingDischarge {
    extract(&[cover(comment)]).findings.pending_discharge.value
}

#[test]
fn what_a_cover_says() {
    for (comment, value) in [
        ("PENDING DISCHARGE", Strong),
        ("Patient is pending discharge, please review", Strong),
        ("Pending Hospital Discharge", Strong),
        ("pending-discharge", Strong),
        ("PENDNG DISCHARCE", Strong),
        ("PENDING DISGHARGE", Strong),
        ("PEND1NG D1SCHARGE", Strong),
        ("PENDINGDISCHARGE", Strong),
        ("⟦x⟧ Pending Discharge", Strong),
        ("⟦⟧ Pending Discharge", None),
        ("⟦?⟧ Pending Discharge", Ambiguous),
        ("Pending Discharge ⟦x⟧", Strong),
        ("Pending Discharge ⟦⟧", None),
        ("⟦x⟧ Urgent   ⟦⟧ Pending Discharge", None),
        ("⟦⟧ Urgent   ⟦x⟧ Pending Discharge", Strong),
        ("Urgent ⟦x⟧   Pending Discharge ⟦⟧", None),
        ("[x] Pending Discharge", Strong),
        ("[X]Pending Discharge", Strong),
        ("☒ Pending Discharge", Strong),
        ("☑Pending Discharge", Strong),
        ("(X) Pending Discharge", Strong),
        ("X Pending Discharge", Strong),
        ("[ ] Pending Discharge", None),
        ("[] Pending Discharge", None),
        ("☐ Pending Discharge", None),
        ("( ) Pending Discharge", None),
        ("___ Pending Discharge", None),
        ("O Pending Discharge", None),
        ("@ Pending Discharge", Ambiguous),
        ("Pending Discharge: N/A", None),
        ("Pending Discharge, facility contact: ni/a", None),
        ("If pending discharge, give unit N A", None),
        ("If pending discharge, name of facility N/A", None),
        ("Pending discharge; unit and bed: n/a", None),
        ("Pending discharge, unit 4, no equipment at home", Strong),
        ("Pending discharge, hospital no longer able to keep him", Strong),
        ("Pending discharge, name of facility Mercy General", Strong),
        ("Pending discharge and no longer needs acute care", Strong),
        ("Pending discharge hospital no longer able to keep him", Strong),
        ("Please cancel prior request patient pending discharge", Strong),
        ("Cancel the pending discharge", None),
        ("DO NOT DELAY - PENDING DISCHARGE", Strong),
        ("Pending discharge. Prior DME: N/A", Strong),
        ("RE: Pending discharge               No. of pages: 5", Strong),
        ("Pending discharge. Pt currently inpatient at Mercy General", Strong),
        ("Pending discharge from Mercy with wound vac", Strong),
        ("Cleared by therapy. Discharge pending DME approval.", Strong),
        ("Mr. Green discharge pending home O2", Strong),
        ("Semi-electric hospital bed for home, delivery 3/11", None),
        ("Pt without equipment pending discharge", Strong),
        ("Pending discharge, auth number n/a", Strong),
        ("Pending Discharge (IP only)   NA", None),
        ("[x] Pending Discharge  [ ] Outpatient", Strong),
        ("She may leave St. Brendan Medical Center 3/11/2026", Medium),
        ("Implant battery shows a normal discharge curve", None),
        ("Pending Discharge: No", None),
        ("Pending Discharge?   No", None),
        ("Pending Discharge: Yes", Strong),
        ("Pending Discharge?  ⟦x⟧ Yes   ⟦⟧ No", Strong),
        ("Pending Discharge?  ⟦⟧ Yes   ⟦x⟧ No", None),
        ("Pending Discharge?  [ ] Yes  [X] No", None),
        ("Pending Discharge?  [X] Yes  [ ] No", Strong),
        ("not pending discharge", None),
        ("this is no longer a pending discharge", None),
        ("non-hospital discharge", None),
        ("Not urgent. Pending discharge", Strong),
        ("discharge summary pending", None),
        ("pending discharge summary", None),
        ("discharge instructions attached", None),
        ("wound discharge noted", None),
        ("discharge from PT next week", None),
        ("pt pending discharge to SNF", Weak),
        ("hospital discharge is pending DME precertification", Medium),
        ("D/C pending DME", Medium),
        ("Awaiting DME for discharge", Medium),
        ("cannot discharge until bed arrives", Medium),
        ("hospital D/C tomorrow", Medium),
        ("Expected discharge: 3/11/2026", Medium),
        ("discharged on 3/10", Medium),
        ("d/c date 3/9", Medium),
        ("discharged on 3/1", None),
        ("Pending: 3            Discharge: home", None),
        ("Pending discharge. Does not have a bed at home", Strong),
        ("Pending discharge, does not have equipment", Strong),
        ("Does not have equipment for the pending discharge", Strong),
        ("Pending discharge from acute care at Mercy Hospital", Strong),
        ("Pending discharge from Mercy Rehab Hospital", Strong),
        ("Pending discharge from outpatient physical therapy", None),
        ("Pending discharge from the therapy unit at Mercy Hospital", Strong),
        ("Pending discharge packet attached", Strong),
        ("Foley removed pending discharge tomorrow", Strong),
        ("X ] Pending Discharge", Strong),
        ("[x] Pt is pending discharge", Strong),
        ("[ ] Pt is pending discharge", None),
        ("Patient pending discharge from a facility?  ⟦⟧ Yes   ⟦⟧ No", None),
        ("Patient pending discharge from a facility?  ⟦x⟧ Yes   ⟦⟧ No", Strong),
        ("Pending Discharge Y/N:N", None),
        ("This member is not.pending discharge.", None),
        ("Pending discharge date; N/A", None),
        ("Pending Discharge (inpatients only): N-A", None),
        ("Patient is NO1 a pending discharge.", None),
        ("Pendiy disenarger (nospital patients)  ⟦x⟧ Yes   ⟦⟧ No", Ambiguous),
        ("Pendiy disenarger (nospital patients)  ⟦⟧ Yes   ⟦x⟧ No", None),
        ("Pendiy disenarger papers to follow", None),
        ("not pendiy disenarger", None),
        ("Discharge from Mercy Ridge Hospital is being held for this authorization.", Medium),
        ("Discharge from Mercy Ridge Hospital is held for this authorization.", Medium),
        ("Hospital would like to discharge 03-1 2-2026. auth needed before then", Medium),
        ("0/C home planned for 03-12-2026.", Medium),
        ("We asked for the discharge summarv; it is pending.", None),
        ("Pending discharge, orders attached", Strong),
        ("PENDING DISCHARGE RECORDS ATTACHED", Ambiguous),
        ("Pending discharge records to follow", None),
        ("Pending discharge, lives at home with wife", Strong),
        ("Pending discharge: lives at home", None),
        ("Pending discharge: it was put on in error", None),
        ("Pending Discharge   Yes   No", Ambiguous),
        ("d/c CPAP, supplies needed today", None),
        ("In-house PT eval needed", None),
        ("PENDING DISCHARGE: NO (AMBULATORY CLINIC)", None),
        ("Is discharge pending on this request (pending discharge)?  ⟦⟧ Yes  ⟦x⟧ No", None),
        ("Is discharge pending on this request (pending discharge)?  ⟦x⟧ Yes  ⟦⟧ No", Strong),
        ("Team conference set 3/12/26 as the day he goes home; still an inpatient.", Ambiguous),
        ("Census status today: inpatient, pending discharge\nOrder and notes attached.", Strong),
        ("Please don't log this as a pending discharge, member is an outpatient.", None),
        ("Please don't hold this up, member is a pending discharge", Strong),
        ("Hospital pending discharge info not applicable", None),
        ("Pending Discharge - Y/N: ( ) Yes ( X ) No", None),
        ("Pending Discharge - Y/N: ( X ) Yes ( ) No", Strong),
        ("Please process this request", None),
    ] {
        assert_eq!(on_cover(comment), value, "{comment}");
    }
}

#[test]
fn columns_are_not_one_phrase() {
    let text = "
PRIOR AUTHORIZATION REQUEST FORM

Status              Disposition
Pending             Discharge
";
    assert_eq!(extract(&[page(text)]).findings.pending_discharge.value, None);
}

#[test]
fn words_broken_over_lines() {
    let text =
        "Mrs. Sample has been an inpatient since last week and is now medically ready, Pending
Discharge as soon as the hospital bed and the lift have been approved and delivered.";
    assert_eq!(on_cover(text), Strong);
}

#[test]
fn an_empty_box_beside_a_stay_with_a_coming_discharge() {
    let form = page(
        "
                  PRECERTIFICATION REQUEST FORM

⟦⟧ Pending Discharge

Member ID: U1234567801
",
    );
    let stay = |day: &str| {
        page(&format!(
            "
                  FACE SHEET

Guarantor: Edith Sample          Marital Status: Widowed
Admit Date: 3/5/2026             Next of Kin: Otto Sample
Currently inpatient
Anticipated Discharge Date: {day}
"
        ))
    };
    let value = |pages: &[_]| extract(pages).findings.pending_discharge.value;
    assert_eq!(value(&[form.clone(), stay("3/11/2026")]), Medium);
    assert_eq!(value(&[form.clone(), stay("3/7/2026")]), None);
    assert_eq!(value(&[form]), None);
}

#[test]
fn absence_is_stated() {
    let flag = extract(&[cover("⟦⟧ Pending Discharge")]).findings.pending_discharge;
    assert!(flag.evidence[0].text.expose().contains("box found, not ticked"));
    assert_eq!(flag.evidence[0].source, EvidenceSource::Mark);
}

#[test]
fn clinical_pages_only_hint() {
    let note = page(
        "
                 PROGRESS NOTE

Hospital day 4
Interval history: no acute events overnight.
Patient pending discharge once equipment is set up.
",
    );
    assert_eq!(extract(&[note]).findings.pending_discharge.value, Weak);
}

/// The label of a field that was left empty.
#[test]
fn a_blank_day_of_discharge_waits_for_nothing() {
    let form = |day: &str| {
        extract(&[page(&format!(
            "
            PRECERTIFICATION REQUEST FORM
26 Hospital of stay          27 Admitted on       28 Anticipated D/C
Mercy Ridge Hospital         3/1/2026             {day}
She was released from Mercy Ridge Hospital on 3/5/2026.
"
        ))])
    };
    assert_eq!(form("").findings.pending_discharge.value, None);
    assert_eq!(form("3/12/2026").findings.pending_discharge.value, Medium);
}

/// A letter with no cover before it is what comes first: a day to come is looked
/// at, and what it tells of stays in hospital is not.
#[test]
fn a_letter_in_front_of_everything() {
    let letter = |text: &str| {
        page(&format!(
            "
Beacon Respiratory
12 Mill Lane, Lakeside, NC 28284

To whom it may concern:

I write about my patient Ann Sample. {text}
Please help to find a supplier near the home.

Sincerely,
Lorna Baker
"
        ))
    };
    for (text, value) in [
        ("Hospital d/c planned for 03/10/26.", Ambiguous),
        ("The discharge is pending DME and he cannot wait.", Weak),
        ("The request is marked pending discharge by the ward.", Ambiguous),
        ("She was discharged on 02/20/26.", None),
        ("After discharge he will need a bed.", None),
        ("He waits for a bed since his discharge on 02/20/26.", None),
    ] {
        let paper = extract(&[letter(text)]);
        assert_eq!(paper.page_kinds, [PageKind::Letter], "{text}");
        assert_eq!(paper.findings.pending_discharge.value, value, "{text}");
        let covered = extract(&[cover("Please see the letter."), letter(text)]);
        assert!(matches!(covered.findings.pending_discharge.value, Weak | None), "{text}");
    }
}

#[test]
fn a_note_beside_the_document() {
    let with_note = |text: &str| {
        let context = Context { note: Some(Phi::from(text)), ..Context::default() };
        extract_with(&[cover("see attached")], &context, RECEIVED, &[]).findings
    };
    let flag = with_note("Hospital discharge is pending DME precertification").pending_discharge;
    assert_eq!(flag.value, Medium);
    assert_eq!(flag.evidence[0].source, EvidenceSource::Metadata);
    assert!(flag.evidence[0].page.is_none());
    assert_eq!(with_note("pending discharge").pending_discharge.value, Medium);
    assert_eq!(with_note("not pending discharge").pending_discharge.value, None);
    assert_eq!(with_note("please expedite").urgent.value, Urgency::Claimed);
}

#[test]
fn a_year_left_out_in_january() {
    let discharged = |day: &str| {
        let context = Context::default();
        let pages = [cover(&format!("discharged on {day}"))];
        extract_with(&pages, &context, date(2026, 1, 3), &[]).findings.pending_discharge.value
    };
    assert_eq!(discharged("12/30"), None);
    assert_eq!(discharged("1/4"), Medium);
}

#[test]
fn urgency() {
    for (comment, value) in [
        ("URGENT", Urgency::Claimed),
        ("⟦x⟧ Urgent   ⟦⟧ For Review", Urgency::Claimed),
        ("⟦⟧ Urgent   ⟦x⟧ For Review", Urgency::None),
        ("[ ] Urgent   [x] For Review", Urgency::None),
        ("[x] Expedited   [ ] Standard", Urgency::Claimed),
        ("seen in urgent care", Urgency::None),
        ("Urgent?  ⟦x⟧ Yes   ⟦⟧ No", Urgency::Claimed),
        ("Urgent?  ⟦⟧ Yes   ⟦x⟧ No", Urgency::None),
        ("MRN 7039621   Urgent? (X) Yes ( ) No", Urgency::Claimed),
        ("this is not urgent", Urgency::None),
        ("routine request", Urgency::None),
    ] {
        assert_eq!(extract(&[cover(comment)]).findings.urgent.value, value, "{comment}");
    }
}

#[test]
fn the_confidentiality_paragraph_is_not_mined() {
    let text = "Please process.

CONFIDENTIALITY NOTICE: The information contained in this facsimile is privileged and confidential
and meant for the intended recipient. If you received this fax in error it is urgent that you call
the sender at once and destroy all pages.";
    assert_eq!(extract(&[cover(text)]).findings.urgent.value, Urgency::None);
}

#[test]
fn a_speck_between_two_words_is_overlooked() {
    let found = extract(&[cover("PENDING P DISCHARGE")]);
    assert_eq!(found.findings.pending_discharge.value, PendingDischarge::Strong);
}

#[test]
fn an_answer_without_its_question_is_looked_at_on_a_cover() {
    assert_eq!(on_cover("⟦x⟧ Yes   ⟦⟧ No"), Ambiguous);
    assert_eq!(on_cover("Reply needed?   ⟦x⟧ Yes   ⟦⟧ No"), None);
    assert_eq!(on_cover("⟦⟧ Yes   ⟦x⟧ No"), None);
}

#[test]
fn a_first_page_that_can_hardly_be_read_is_looked_at() {
    let worn = || page("tbe qulck brwn").read_as_well_as(0.3);
    let value = |pages: &[super::build::Drawn]| extract(pages).findings.pending_discharge.value;
    assert_eq!(value(&[worn()]), Ambiguous);
    assert_eq!(value(&[worn(), cover("Please review")]), None);
    assert_eq!(value(&[cover("Please review"), worn()]), None);
}

/// What was written by others, see the head of the file.
#[test]
fn phrases_as_offices_write_them() {
    let mut section = "";
    let mut wrong = Vec::new();
    for line in
        include_str!("phrases.txt").lines().filter(|l| !l.is_empty() && !l.starts_with("# "))
    {
        if let Some(name) = line.strip_prefix("## ") {
            section = name;
            continue;
        }
        let (known_miss, line) = match line.strip_prefix("~ ") {
            Option::Some(rest) => (true, rest),
            Option::None => (false, line),
        };
        let filled = [
            ("{hospital}", "Mercy General Hospital"),
            ("{day}", "3/11"),
            ("{past}", "3/3"),
            ("{He}", "He"),
            ("{he}", "he"),
            ("{His}", "His"),
            ("{his}", "his"),
            ("{him}", "him"),
        ];
        let said =
            filled.iter().fold(line.to_owned(), |text, (name, with)| text.replace(name, with));
        let flagged = matches!(on_cover(&said), Strong | Medium | Ambiguous);
        let right = flagged == matches!(section, "typed" | "synonym");
        if right == known_miss {
            wrong.push(format!("{section}: {line}"));
        }
    }
    assert!(wrong.is_empty(), "{} lines:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_cue_is_out_of_reach() {
    let cues = cues();
    let pending = &cues.pending;
    for denial in pending.denials.iter().chain(&pending.denials_of_place) {
        let words = denial.split_whitespace().count();
        assert!(words <= WORDS_OF_A_DENIAL, "{denial} is never compared");
    }
    let near = pending.near_negations.iter().chain(&pending.near_fillers);
    for word in pending.negations.iter().chain(near).chain(&pending.of_a_field) {
        assert!(!word.contains(' '), "{word} is compared with single words");
    }
    let behind = pending.not_leaving.iter().chain(&pending.papers).chain(&pending.enclosed);
    for word in behind.chain(&pending.equipment) {
        assert!(word.chars().all(char::is_alphanumeric), "{word} is compared with letters alone");
    }
}

#[test]
fn a_stamp_on_two_lines_is_seen_when_either_word_can_be_read() {
    for stamp in ["DiSC harge\npending", "DING DISCHARGE\n•\nPENDING", "rMSCHARGE\nPEIn"] {
        let text = format!(
            "
FAX COVER SHEET
To: Intake   From: Lakeside Home Medical   Pages: 4

{stamp}

Records are enclosed."
        );
        let found = extract(&[page(&text)]).findings.pending_discharge.value;
        assert!(matches!(found, Ambiguous | Strong), "{stamp}: {found:?}");
    }
    for other in ["DISCHARGE\nSUMMARY", "RECHARGE\nBATTERY", "Hospital Discharge\nUnit 4"] {
        let text =
            format!("\nFAX COVER SHEET\nTo: Intake   From: Lakeside Home Medical\n\n{other}\n");
        let found = extract(&[page(&text)]).findings.pending_discharge.value;
        assert_eq!(found, None, "{other}");
    }
}

#[test]
fn a_word_that_fell_in_two_is_one_where_the_half_is_farther_off() {
    assert_eq!(on_cover("PENDI NG DISCHARGE? ⟦x⟧ Yes ⟦⟧ No"), Strong);
    assert_eq!(on_cover("Pending DD-214 discharge documents"), None);
}

#[test]
fn a_denial_behind_the_rest_of_a_label_may_be_worn() {
    for comment in [
        "Pending discharge date: not applicable, pt is outpatient",
        "Pending discharge date not applicable, pt'is outpatient",
        "Pending discnarge date not apolicable 0t is outpatient",
        "Penfing discharge dale not applicabie, pt s outpatient",
    ] {
        assert_eq!(on_cover(comment), None, "{comment}");
    }
    let waits = "Pt is medically cleared and will go home from St. Brendan Medical Center once auth is received.";
    assert_eq!(on_cover(waits), Medium);
}

#[test]
fn a_goal_behind_a_semicolon_and_a_day_without_its_strokes() {
    for comment in [
        "Discharge planning under way at Good Harbor Medical Center; goal is home by 3/11/26.",
        "Liaison at St. Brendan Medical Center: patient goes home 3 11 26, bed to be released",
    ] {
        assert_eq!(on_cover(comment), Ambiguous, "{comment}");
    }
    assert_eq!(on_cover("Patient goes home 555 01 82"), None);
    let before =
        "Needs equipment delivered to Mercy Hospital prior to discharge on March 10, 2026.";
    assert_eq!(on_cover(before), Medium);
    assert_eq!(on_cover("Status post prior discharge, lives alone"), None);
}

#[test]
fn what_cannot_be_read_where_a_discharge_is_announced_is_looked_at() {
    for (comment, value) in [
        // A stamp of which one word is left.
        ("PENDING D1DUIMMY¿", Ambiguous),
        ("PENDING REVIEW", None),
        ("Status: inpatient, pending alse¿ Menge¿", Ambiguous),
        ("Auth pending for the new order", None),
        // A box whose label is lost; an empty one asks nothing.
        ("[x] Deodlinse¿ PerhSree¿ fetar¿", Ambiguous),
        ("[ ] Deodlinse¿ PerhSree¿ fetar¿", None),
        ("[x] Deodlinse¿ home at last", None),
        ("⟦x⟧ Penifig¿ Deatie¿", None),
        // Half a box may hold a tick.
        ("Patient pending discharge from a facility?  ] Yes      ⟦⟧ No", Ambiguous),
        ("Patient pending discharge from a facility?  [ ] Yes    ⟦⟧ No", None),
        // In small print there are more such lines.
        ("[x] Deodlinse¿ PerhSree¿ fetar¿\n1s¿ fnten¿ ded¿ on1y¿ fo¿", None),
    ] {
        assert_eq!(on_cover(comment), value, "{comment}");
    }
}

#[test]
fn a_cover_that_is_mostly_noise_is_looked_at() {
    let noise = "76¿ *  9\n:5¿ 9\nE  D  -  -  D\nn  D  D  D\nN  C  :  1\n1  2  9  4";
    let text = format!("Cornerstone DME Supply\nFAX\nTo:\nFrom:\nDate:\nPages:\n{noise}");
    let value = |text: &str| extract(&[page(text)]).findings.pending_discharge.value;
    assert_eq!(value(&text), Ambiguous);
    // A short cover that can be read says what it says.
    assert_eq!(value("FAX\nTo: DME Precert\nFrom: Lakeside HME\nPages: 3"), None);
}

#[test]
fn the_box_between_a_question_and_its_answer_is_the_answers() {
    for (comment, value) in [
        ("Pt is pending discharge: ⟦x⟧ Yes    ⟦⟧ F", Strong),
        ("Pt is pending discharge: ⟦⟧ Yes    ⟦x⟧ F", None),
    ] {
        assert_eq!(on_cover(comment), value, "{comment}");
    }
}

#[test]
fn worn_words_of_a_waiting_discharge() {
    for (comment, value) in [
        ("Planned dic from Lakeshore General Hospital March 12. 2026", Medium),
        ("Good Harbor camot release the patient before the bed is in the home", Medium),
        ("Dischafqe¿ from Mercy Ridge Hospital is being held for this", Medium),
        ("Dischafqe from Mercy Ridge Hospital is being held for this", None),
        ("Pt in hospital, going home 3-11 26.", Ambiguous),
        ("Target DC Mar l. 2026, call with questions", Ambiguous),
        ("Discharge nome¿   rinn¿ Lakestori¿ Genera! Huspital i<¿ bold¿", Ambiguous),
        ("Pending Discharge? INo]", None),
    ] {
        assert_eq!(on_cover(comment), value, "{comment}");
    }
}
