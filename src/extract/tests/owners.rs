//! Whose a number, a telephone, a name is: headings, blocks, columns, names.

use super::build::{Drawn, extract, npis, one_line, page, provider, tins};
use crate::extract::findings::Role;

fn form() -> Drawn {
    page(
        "
                    PRECERTIFICATION REQUEST FORM

ORDERING PROVIDER INFORMATION
Name: Jane Roe, MD                            NPI: 2000000101
Tax ID: 47-1234567                            Phone: (212) 555-0101
Fax: 212-555-0102

SERVICING PROVIDER INFORMATION
Name: Lakeside HME                            NPI: 2000000200
Tax ID: 20-7654321                            Phone: (212) 555-0103
Fax: 212-555-0104
Address: 12 Harbor Road, Springfield, IL 62701
",
    )
}

#[test]
fn a_column_whose_header_was_not_read_lends_its_values_to_nobody() {
    let form = "
            PRIOR AUTHORIZATION REQUEST FORM
SUPPLIER
Name                                              Tax ID
Lakeside Home Medical         2000000002          47-1234567
";
    let found = extract(&[page(form)]);
    assert_eq!(tins(&found), [("471234567".to_owned(), Role::Rendering)]);
    assert!(npis(&found).is_empty(), "a number without a label is none");
}

#[test]
fn headings_bind_roles() {
    let found = extract(&[form()]);
    assert_eq!(
        npis(&found),
        [("2000000101".into(), Role::Ordering), ("2000000200".into(), Role::Rendering)]
    );
    assert_eq!(
        tins(&found),
        [("471234567".into(), Role::Ordering), ("207654321".into(), Role::Rendering)]
    );
    let ordering = &found.findings.providers[0];
    let value = |f: &Option<crate::extract::findings::Field>| {
        f.as_ref().map(|f| f.value.expose().clone()).unwrap_or_default()
    };
    assert_eq!(value(&ordering.name), "Jane Roe");
    assert_eq!(value(&ordering.phone), "+12125550101");
    assert_eq!(value(&ordering.fax), "+12125550102");
    let rendering = &found.findings.providers[1];
    assert_eq!(value(&rendering.name), "Lakeside HME");
    assert_eq!(value(&rendering.fax), "+12125550104");
    assert!(value(&rendering.address).contains("12 Harbor Road"));
}

#[test]
fn a_table_with_a_column_for_each_party() {
    let form = "
PRECERTIFICATION WORKSHEET

Who orders, who provides
                  Requesting MD/DO/NP             PDN agency
Name              Jane Roe, MD                    Lakeside Home Health Agency
NPI               1234567893                      2000000002
Tax ID            371-05-6062                     45-6697510
";
    let found = extract(&[page(form)]);
    let expected =
        [("*****6062".to_owned(), Role::Ordering), ("456697510".to_owned(), Role::Rendering)];
    assert_eq!(tins(&found), expected);
}

#[test]
fn two_columns_side_by_side() {
    let found = extract(&[page(
        "
                    PRECERTIFICATION REQUEST FORM

ORDERING PHYSICIAN                            DME SUPPLIER
Name: Jane Roe, MD                            Name: Lakeside HME
NPI: 2000000101                               NPI: 2000000200
Tax ID: 47-1234567                            TIN: 20-7654321
",
    )]);
    assert_eq!(
        npis(&found),
        [("2000000101".into(), Role::Ordering), ("2000000200".into(), Role::Rendering)]
    );
    assert_eq!(
        tins(&found),
        [("471234567".into(), Role::Ordering), ("207654321".into(), Role::Rendering)]
    );
}

#[test]
fn labels_above_their_values() {
    let found = extract(&[page(
        "
                    PRECERTIFICATION REQUEST FORM

Ordering Provider Name          NPI                 Tax ID
Jane Roe, MD                    2000000101          47-1234567

Servicing Provider Name         NPI                 Tax ID
Lakeside HME                    2000000200          20-7654321
",
    )]);
    assert_eq!(
        npis(&found),
        [("2000000101".into(), Role::Ordering), ("2000000200".into(), Role::Rendering)]
    );
    assert_eq!(
        tins(&found),
        [("471234567".into(), Role::Ordering), ("207654321".into(), Role::Rendering)]
    );
}

#[test]
fn a_grid_with_row_headers() {
    let found = extract(&[page(
        "
                    PRECERTIFICATION REQUEST FORM

Role                 Name                 NPI                Tax ID
Ordering             Jane Roe, MD         2000000101         47-1234567
Servicing            Lakeside HME         2000000200         20-7654321
Facility             Mercy Hospital       2000000309         30-1112223
",
    )]);
    assert_eq!(
        npis(&found),
        [
            ("2000000101".into(), Role::Ordering),
            ("2000000200".into(), Role::Rendering),
            ("2000000309".into(), Role::Facility)
        ]
    );
}

#[test]
fn inline_labels_with_roles() {
    let found = extract(&[page(
        "
Referring physician NPI: 2000000101   Supplier NPI: 2000000200
Hospital NPI: 2000000309",
    )]);
    assert_eq!(
        npis(&found),
        [
            ("2000000101".into(), Role::Ordering),
            ("2000000200".into(), Role::Rendering),
            ("2000000309".into(), Role::Facility)
        ]
    );
}

#[test]
fn a_facility_beside_its_label() {
    for (line, name) in [
        ("Facility: Good Harbor Medical Center Admitted: 03/01/2026", "Good Harbor Medical Center"),
        ("Facility: County Memorial Hospital   Admitted: 03/01/2026", "County Memorial Hospital"),
        ("Hospital: University Hospital of the Plains", "University Hospital of the Plains"),
    ] {
        let found = one_line(&format!("PRIOR AUTHORIZATION REQUEST FORM\n\n{line}"));
        let facility = found.findings.providers.iter().find(|p| p.role == Role::Facility);
        let seen = facility.and_then(|p| p.name.as_ref()).map(|f| f.value.expose().as_str());
        assert_eq!(seen, Some(name), "{line}");
    }
}

/// A request form whose second heading was lost to the fax.
const UNHEADED: &str = "
            PRIOR AUTHORIZATION REQUEST FORM

ORDERING PHYSICIAN
Name                        NPI                 TIN
Jane Roe, MD                2000000002          47-1234567
Phone                       Fax
212-555-0105                212-555-0106
SFCT ON su PPI tFR
Name                        NPI                 TIN
Lakeside Home Medical       1234567893          22-1234567
Phone                       Fax
212-555-0107                212-555-0108
";

#[test]
fn a_block_without_its_heading_belongs_to_whoever_is_named_in_it() {
    let found = extract(&[page(UNHEADED)]);
    assert_eq!(
        npis(&found),
        [("2000000002".into(), Role::Ordering), ("1234567893".into(), Role::Rendering)]
    );
    assert_eq!(
        tins(&found),
        [("471234567".into(), Role::Ordering), ("221234567".into(), Role::Rendering)]
    );
    // Nobody who supplies is named: the numbers are nobody's, not the
    // physician's.
    let nameless = UNHEADED.replace("Lakeside Home Medical", "Xqz vwr tlm          ");
    let found = extract(&[page(&nameless)]);
    assert!(npis(&found).contains(&("1234567893".into(), Role::Unknown)), "{:?}", npis(&found));
}

#[test]
fn two_unheaded_blocks_side_by_side_under_the_patient() {
    let form = "
            PRIOR AUTHORIZATION REQUEST FORM

Name: Sample, Edith              Birth date: 3/1/1958
Member ID: U1234567801           Plan: Commercial
Tad ede alg                      Tire Talal mole
Name      Jane Roe, NP           Name      Meadowlark Home Care Inc
NPI       2000000002             NPI       1234567893
Tax ID    22-1420457             Tax ID    36-7073391
";
    let found = extract(&[page(form)]);
    assert_eq!(
        tins(&found),
        [("221420457".into(), Role::Ordering), ("367073391".into(), Role::Rendering)]
    );
}

#[test]
fn a_heading_in_the_margin_takes_two_rows() {
    let form = page(
        "
      PRIVATE DUTY NURSING AUTHORIZATION REQUEST
Case            Hospital           Good Harbor Medical Center
Servicing       Name               Meadowlark Home Care Inc
agency          NPI                2000000010
                Tel                212-555-0150
Prescribing     Name               Harriet Yarrow, MD
practitioner    NPI                2000000002
                Tel                212-555-0141
Member          Name               Underhill, Harriet",
    );
    let found = extract(&[form]);
    assert_eq!(
        npis(&found),
        [("2000000010".to_owned(), Role::Rendering), ("2000000002".to_owned(), Role::Ordering)]
    );
}

#[test]
fn two_rows_of_a_table_are_no_heading() {
    let form = page(
        "
      PRIOR AUTHORIZATION REQUEST
Provider        Last, first / company        NPI #         Tel.
Requesting      Quimby, Harriet MD           2000000002    212-555-0154
Supplier        Cornerstone DME Supply       2000000010    212-555-0146",
    );
    let found = extract(&[form]);
    assert_eq!(
        npis(&found),
        [("2000000002".to_owned(), Role::Ordering), ("2000000010".to_owned(), Role::Rendering)]
    );
}

#[test]
fn whose_number_it_is_stands_before_its_label() {
    let form = page(
        "
      OUTPATIENT SERVICE REQUEST
Ordering practitioner    Practitioner            Jasper Quimby, MD
                         Practitioner NPI        2000000002
                         Practice fax            212-555-0148
Goods come from          Company                 Summit Rehab Equipment
                         Company NPI             2000000010
                         Company fax             212-555-0111",
    );
    let found = extract(&[form]);
    assert_eq!(
        npis(&found),
        [("2000000002".to_owned(), Role::Ordering), ("2000000010".to_owned(), Role::Rendering)]
    );
}

#[test]
fn a_number_of_a_section_that_was_misread_leads_its_heading() {
    let form = page(
        "
      DMEPOS PRIOR APPROVAL REQUEST
II. EQUIPMENT COMPANY
Name Bluebird Home Health Equipment          NPI 2000000010
Int.¿ PHYSICIAN OR PRACTITIONER
Name Kingsley, Norbert NP                    NPI 2000000002
Tel. 215-555-0103                            Fax 215-555-0104",
    );
    let found = extract(&[form]);
    let ordering = found.findings.providers.iter().find(|p| p.role == Role::Ordering).unwrap();
    assert_eq!(ordering.phone.as_ref().unwrap().value.expose(), "+12155550103");
}

#[test]
fn a_company_whose_name_is_a_label_has_numbers_too() {
    let text = "
            PRIOR AUTHORIZATION REQUEST FORM
SECTION 3 - SUPPLIER OR AGENCY
Name                                NP¿                TN¿
Bluebird Home Health Equipment      2337602959         47-8753856
Place of service: 12 Home           Procedure code: E0260";
    let found = extract(&[page(text)]).findings;
    let npis: Vec<_> = found.npi.iter().map(|n| (n.value.as_str(), n.role)).collect();
    assert_eq!(npis, [("2337602959", Role::Rendering)]);
    let tins: Vec<_> = found.tin.iter().map(|n| (n.value.as_str(), n.role)).collect();
    assert_eq!(tins, [("478753856", Role::Rendering)]);
}

#[test]
fn who_is_left_supplies() {
    let form = |right: &str, further: &str| {
        page(&format!(
            "
            PRIOR AUTHORIZATION REQUEST FORM
Patient: Nakamura, Greta                     Birth date: April 9, 1941

Name    Clement Kingsley, NP                 Name    {right}
NPI     2539147928                           NPI     2491285815
Tax ID  54-1585426                           Tax ID  54-5029287
Phone   1-612-555-0167                       Phone   1-305-555-0139
{further}
Place of service: 12 Home           Procedure code: E0260"
        ))
    };
    let found = extract(&[form("Cornerstone DME Supply", "")]);
    let expected =
        [("2539147928".to_owned(), Role::Ordering), ("2491285815".to_owned(), Role::Rendering)];
    assert_eq!(npis(&found), expected);
    let supplier = found.findings.providers.iter().find(|p| p.role == Role::Rendering);
    assert!(supplier.is_some_and(|p| p.tin.is_some() && p.phone.is_some()));
    // Two prescribers, and a form that says elsewhere who supplies.
    let role = |drawn: Drawn| {
        let found = extract(&[drawn]);
        npis(&found).into_iter().find(|(npi, _)| npi == "2491285815").map(|(_, role)| role)
    };
    assert_eq!(role(form("Jane Roe, MD", "")), Some(Role::Ordering));
    assert_eq!(role(form("Cornerstone", "Supplier: Lakeside Medical")), Some(Role::Unknown));
}

#[test]
fn a_tax_id_belongs_to_whoever_has_the_npi_beside_it() {
    let form = "
            PRIOR AUTHORIZATION REQUEST FORM
10 Practice location            11 Phone           12 Fax
   1920 Willow Court, VA 22236     703-555-0132       703-555-0133
13 Outfit                       14 NPI             15 TIN / EIN
   Evergreen Oxygen                1234567893         47-7449729
Place of service: 12 Home           Procedure code: E0260";
    let supplier = "
          PRICE QUOTE
Lakeside Home Medical
Supplier NPI: 1234567893";
    let found = extract(&[page(form), page(supplier)]);
    assert_eq!(npis(&found), [("1234567893".to_owned(), Role::Rendering)]);
    assert_eq!(tins(&found), [("477449729".to_owned(), Role::Rendering)]);
}

#[test]
fn a_column_of_numbers_ends_where_another_block_begins() {
    let form = "
            PRIOR AUTHORIZATION REQUEST FORM
ORDERING PROVIDER
Name                        NPI                 TIN
Leopold Lindqvist, MD       2000000002          13-8427847
Phone                       Fax                 Contact person
703-555-0158                703-555-0159        Percival Larkspur
SECTION 3 SUPPLIER OR AGENCY
Name                        NP1                 LIN
Beacon Mobility             1234567893          36-3219597
Place of service: 12 Home           Procedure code: E0260";
    let found = extract(&[page(form)]);
    let expected =
        [("138427847".to_owned(), Role::Ordering), ("363219597".to_owned(), Role::Rendering)];
    assert_eq!(tins(&found), expected);
}

#[test]
fn a_question_is_a_heading() {
    let form = "
            REQUEST FOR PRE-SERVICE REVIEW
3. Who is the ordering doctor?
   Name: Horace Larkspur, NP        NPI: 2000000002        EIN: 11-2758143
4. Which company will supply it?
   Name: Lakeside Home Medical      NPI: 1234567893        EIN: 26-6066447
Place of service: 12 Home           Procedure code: E0260";
    let found = extract(&[page(form)]);
    let expected =
        [("112758143".to_owned(), Role::Ordering), ("266066447".to_owned(), Role::Rendering)];
    assert_eq!(tins(&found), expected);
}

#[test]
fn labels_with_numbers_before_them_tell_where_values_stand() {
    let plan = "
        HH PLAN OF CARE AND CERTIFICATION

4 Patient                              5 Date of birth              6 Sex
  Fairbrook, Opal                        12/11/1987                   F
7 Home health provider                               8 Provider NPI
  Guiding Light Home Health                            2482031764
9 Provider address                                   10 Provider telephone
  1102 Orchard Way, Maple Grove, MN 55491               612/555-0132, fax 612/555-0133
";
    let found = extract(&[page(plan)]).findings;
    let agency = found.providers.iter().find(|p| p.role == Role::Rendering).unwrap();
    let npi = agency.npi.as_ref().map(|f| f.value.expose().as_str());
    let phone = agency.phone.as_ref().map(|f| f.value.expose().as_str());
    assert_eq!((npi, phone), (Some("2482031764"), Some("+16125550132")));
}

#[test]
fn a_label_that_sank_below_its_row_parts_nothing() {
    let plan = "
        HOME HEALTH CERTIFICATION AND PLAN OF CARE

Provider name                    Address
Meadowlark Home Care Inc         2132 Willow Court, Milltown, NJ 08821
Provider NPI                                          Fax
                    Telephone
2717401063                                            732.555.0157
";
    assert_eq!(npis(&extract(&[page(plan)])), [("2717401063".to_owned(), Role::Rendering)]);
}

#[test]
fn a_box_is_headed_by_all_that_it_holds() {
    let form = "
            REQUEST FOR DMEPOS PRIOR AUTHORIZATION
BENEFICIARY NAME, ADDRESS AND INSURANCE      SUPPLIER NAME, ADDRESS, TELEPHONE AND NPI
Ironside, Isidore                            Beacon Mobility and Respiratory
1680 Main Street                             524 Harbor Avenue
Fairview, PA 19156-9438                      Pinehurst, NC 28221
Telephone (215) 555-0118                     Telephone (704) 555-0181
Insurance no. U71017150-01                   NPI 2192377754
DOB 06/30/65   Sex M                         Tax ID (TIN) 45-3599949";
    let found = extract(&[page(form)]);
    assert_eq!(npis(&found), [("2192377754".to_owned(), Role::Rendering)]);
    assert_eq!(tins(&found), [("453599949".to_owned(), Role::Rendering)]);
}

#[test]
fn a_consulting_specialist_is_in_no_role() {
    let form = "
            PRIOR AUTHORIZATION REQUEST FORM
Ordering physician: Jane Roe, MD      NPI: 2000000002
Consulting specialist: Lorna Pemberton, MD (NPI 1234567893)
Place of service: 12 Home           Procedure code: E0260";
    let expected =
        [("2000000002".to_owned(), Role::Ordering), ("1234567893".to_owned(), Role::Unknown)];
    assert_eq!(npis(&extract(&[page(form)])), expected);
}

/// `Member's plan ID` in a table of people stands over the telephone of the next
/// table, and heads nothing there.
#[test]
fn a_column_of_a_table_of_people_heads_nothing_beneath_it() {
    let found = extract(&[page(
        "
            UM INTAKE: AUTHORIZATION REQUEST FORM
Member (last, first)      Birth date      Member's plan ID     Member phone
Kingsley, Wendell         7/17/1978       U5430794801          612-555-0128
Ordering provider (name, degree)          NPI                  Tax ID
Clement Nakamura, MD                      2498597535           27-3301207
Street, city, state, ZIP                  Phone                Fax
1430 Quarry Road, Oakmont, GA 30377       404-555-0147         404-555-0148
",
    )]);
    let [_, phone, fax] = provider(&found, Role::Ordering);
    assert_eq!(phone.as_deref(), Some("+14045550147"));
    assert_eq!(fax.as_deref(), Some("+14045550148"));
}

/// Over the column stands `Hospital`, in the margin `Equipment provider`.
#[test]
fn a_heading_in_the_margin_counts_before_one_farther_up() {
    let found = extract(&[page(
        "
            HOME MEDICAL EQUIPMENT AUTHORIZATION REQUEST FORM
Case           Service start 3/10/2026
               Hospital County Memorial Hospital
Requested      Code E0260 RR       Units 1
Equipment      Name Cornerstone DME Supply
provider       NPI 2051600270              Federal tax ID 34-5195054
               Tel 612-555-0178            Fax 612-555-0179
Prescribing    Name Isidore Dunmore, MD
practitioner   NPI 2874570635              Federal tax ID 82-3021545
               Tel 404-555-0139            Fax 404-555-0140
",
    )]);
    let expected =
        [("2051600270".to_owned(), Role::Rendering), ("2874570635".to_owned(), Role::Ordering)];
    assert_eq!(npis(&found), expected);
    assert_eq!(provider(&found, Role::Rendering)[1].as_deref(), Some("+16125550178"));
    assert_eq!(provider(&found, Role::Ordering)[2].as_deref(), Some("+14045550140"));
}

/// Labels that end at one margin begin at several.
#[test]
fn a_heading_stands_over_labels_that_end_at_one_margin() {
    let found = extract(&[page(
        "
            FAX REQUEST: MEDICAL PRECERTIFICATION FORM
PATIENT                              ORDERED BY
Patient  Figueroa, Edgar                  Name  Osgood Fairbrook, MD
DOB      7/29/85                           NPI  2651692537
REQUEST                              HOME HEALTH AGENCY
Begins   3/12/26                          Name  Riverbend Visiting Nurses
POS      12 Home                       Address  280 Prospect Drive
Dx       Z47.1 Aftercare                   NPI  2891278576
",
    )]);
    let expected =
        [("2651692537".to_owned(), Role::Ordering), ("2891278576".to_owned(), Role::Rendering)];
    assert_eq!(npis(&found), expected);
}

/// Alone on its row, and over a column of its own.
#[test]
fn a_heading_of_the_other_column_is_none_of_this_one() {
    let found = extract(&[page(
        "
            MEDICAL EQUIPMENT PRECERT REQUEST FORM
Supplying provider
                                            Hospital stay
Name: TriCounty Medical Equipment LLC       Hospital name: University Hospital
NPI: 2812899260                             Adm date: 3/3/2026
Ph: 203-555-0101
",
    )]);
    assert_eq!(npis(&found), [("2812899260".to_owned(), Role::Rendering)]);
    let [name, phone, _] = provider(&found, Role::Rendering);
    assert_eq!(name.as_deref(), Some("TriCounty Medical Equipment LLC"));
    assert_eq!(phone.as_deref(), Some("+12035550101"));
}

/// Of two heads of boxes in one line the first heads what is under it.
#[test]
fn a_head_in_capitals_may_be_long() {
    let found = extract(&[page(
        "
            REQUEST FOR DMEPOS PRIOR AUTHORIZATION
TREATING PRACTITIONER NAME, ADDRESS, TELEPHONE AND NPI PLACE AND DATE OF SERVICE; FACILITY
Wendell Northcott, NP
929 Ferry Street
Telephone 216-555-0151
Fax 216-555-0152
NPI 2514930041
",
    )]);
    assert_eq!(npis(&found), [("2514930041".to_owned(), Role::Ordering)]);
    let [_, phone, fax] = provider(&found, Role::Ordering);
    assert_eq!(phone.as_deref(), Some("+12165550151"));
    assert_eq!(fax.as_deref(), Some("+12165550152"));
}

/// The column of a telephone ends at `11. Provider NPI`, and whose the rows behind it
/// are says nothing of it.
#[test]
fn a_column_of_telephones_ends_at_a_numbered_label() {
    let found = extract(&[page(
        "
            DME PREAUTHORIZATION REQUEST FORM
7. Ordering physician            8. Physician NPI        9. Physician TIN
Thaddeus Pemberton, NP           2107444087              46-8704997
Mailing address                  Office phone no.        Office fax no.
413 Orchard Way, Cedar Falls     312 555 0136            312 555 0137
10. DME company                  11. Provider NPI        12. Provider TIN
Evergreen Home Oxygen            2399743477              36-9064677
Mailing address                  Office phone no.        Office fax no.
2099 Juniper Lane                313 555 0119            313 555 0120
13. Place of service             14. Start date          15. Inpatient facility
12 - Home                        03/11/2026              St. Brendan Medical Center
",
    )]);
    let [_, phone, fax] = provider(&found, Role::Ordering);
    assert_eq!((phone.as_deref(), fax.as_deref()), (Some("+13125550136"), Some("+13125550137")));
    let [_, phone, fax] = provider(&found, Role::Rendering);
    assert_eq!((phone.as_deref(), fax.as_deref()), (Some("+13135550119"), Some("+13135550120")));
}

/// Headings and labels of names are lost; of the patient's telephones nothing becomes
/// a provider's, and where a heading speaks of somebody a name alone says nothing.
#[test]
fn a_name_alone_tells_whose_the_numbers_behind_it_are() {
    let form = |heading: &str| {
        format!(
            "
            PRIOR AUTHORIZATION REQUEST FORM
{heading}
                                  NPI             Tax ID
Isidore Yarrow, DO                2811231176      41-2495662
                                  NPI             Tax ID
Hearthside Nursing Services       2265348336      41-5685962
Patient
Sample, Ann          Phone 212-555-0199
"
        )
    };
    let expected =
        [("2811231176".to_owned(), Role::Ordering), ("2265348336".to_owned(), Role::Rendering)];
    for heading in ["", "REFERRING / ORDERING PHYSICIAN"] {
        let found = extract(&[page(&form(heading))]);
        assert_eq!(npis(&found), expected, "{heading}");
        assert_eq!(provider(&found, Role::Rendering)[1], None, "{heading}");
        assert_eq!(provider(&found, Role::Ordering)[1], None, "{heading}");
    }
}

/// Worn brackets, and a name that ends in the first word of a heading.
#[test]
fn a_role_in_worn_brackets_behind_a_name() {
    for bracket in ["(vendor)", "(vendor", "(vendor}", "(vendon"] {
        let found = extract(&[page(&format!(
            "
            PRIOR AUTHORIZATION INTAKE REQUEST FORM
Bluebird Home Health Equipment {bracket}
2904128388 (NPI}}     31-2072957 (TIN/EIN)
203-555-0162 (phone}}     203-555-0163 ;fax)
"
        ))]);
        let expected = [("2904128388".to_owned(), Role::Rendering)];
        assert_eq!(npis(&found), expected, "{bracket}");
        let [name, phone, fax] = provider(&found, Role::Rendering);
        assert_eq!(name.as_deref(), Some("Bluebird Home Health Equipment"), "{bracket}");
        assert_eq!(phone.as_deref(), Some("+12035550162"), "{bracket}");
        assert_eq!(fax.as_deref(), Some("+12035550163"), "{bracket}");
    }
}

/// `Agency / sleep facility` over `Facility`: his name, and no hospital's.
#[test]
fn a_facility_under_the_heading_of_who_supplies_is_his_name() {
    let found = extract(&[page(
        "
            PRE-SERVICE AUTHORIZATION REQUEST FORM
Agency / sleep facility
Facility        Willowbrook Home Health Agency
NPI             2695603375          Tax ID number    11-4457532
Office phone    404-555-0155        Office fax       404-555-0156
",
    )]);
    assert_eq!(npis(&found), [("2695603375".to_owned(), Role::Rendering)]);
    let [name, phone, _] = provider(&found, Role::Rendering);
    assert_eq!(name.as_deref(), Some("Willowbrook Home Health Agency"));
    assert_eq!(phone.as_deref(), Some("+14045550155"));
}

/// In a sentence `Primary Care` may be the end of a practice's name.
#[test]
fn a_practice_named_primary_care_attends_nobody() {
    let found = extract(&[page(
        "
            PRECERTIFICATION REQUEST STATEMENT
3 Prescriber
The prescriber is Harriet Merriweather, DO of Cardinal Primary Care (NPI 2086279272, TIN
47-1097209), 870 Cedar Street, telephone 703-555-0151.
",
    )]);
    assert_eq!(npis(&found), [("2086279272".to_owned(), Role::Ordering)]);
    let attending = extract(&[page(
        "
            PRECERTIFICATION REQUEST FORM
Primary care: Harriet Merriweather, DO      NPI 2086279272
",
    )]);
    assert_eq!(npis(&attending), [("2086279272".to_owned(), Role::Unknown)]);
}

/// Of two blocks whose second heading was lost the name begins the second, whoever
/// comes first; a hospitalist in brackets orders nothing.
#[test]
fn a_prescribers_name_ends_the_block_of_who_supplies() {
    let found = extract(&[page(
        "
            PRIOR AUTHORIZATION INTAKE REQUEST FORM
Beacon Mobility and Respiratory (vendor)
2069187872 (NPI)          31-5940157 (TIN/EIN)
404-555-0121 (phone)      404-555-0122 (fax)
Alma Larkspur, DO (ordering chimcian
2482838283 (NPI)          84-8754609 (TIN/EIN)
215-555-0120 (phone)      215-555-0121 (fax)
Edgar Ironside, MD (hospitahist)      2753832031 (NPI)
",
    )]);
    let of = |role: Role| {
        let of_role = npis(&found).into_iter().filter(|(_, whose)| *whose == role);
        of_role.map(|(npi, _)| npi).collect::<Vec<_>>()
    };
    assert_eq!(of(Role::Rendering), ["2069187872"]);
    assert_eq!(of(Role::Ordering), ["2482838283"]);
    assert_eq!(provider(&found, Role::Rendering)[1].as_deref(), Some("+14045550121"));
    assert_eq!(provider(&found, Role::Ordering)[1].as_deref(), Some("+12155550120"));
}

/// A state is no degree, and who else is named in a row owns its number.
#[test]
fn an_address_in_pennsylvania_names_no_assistant() {
    let found = extract(&[page(
        "
            UTILIZATION MANAGEMENT REQUEST FORM
Ordering practitioner
Name       Ursula Eastlake, MD
NPI        2915120374
Provider delivering the service
Name       Compass Home Care
Address    36 Willow Court, Fairview, PA 19118
NPI        2127366740
Family physician      Rupert Fairbrook, MD      Physician's NPI      2287854436
",
    )]);
    let role =
        |npi: &str| npis(&found).into_iter().find(|(value, _)| value == npi).map(|(_, role)| role);
    assert_eq!(role("2915120374"), Some(Role::Ordering));
    assert_eq!(role("2127366740"), Some(Role::Rendering));
    assert_eq!(role("2287854436"), Some(Role::Unknown));
}

/// One label left of two tells the other number as well.
#[test]
fn of_two_numbers_one_label_can_be_read() {
    for header in ["Phone                 F~41 iX", "Phime                 Fax"] {
        let found = extract(&[page(&format!(
            "
            PRECERTIFICATION REQUEST FORM
ORDERING PROVIDER
Name                  NPI              TIN
Fiona Hartwell, MD    2511938401       47-8104214
{header}
(303) 555-0190        (303) 555-0191
"
        ))]);
        let [_, phone, fax] = provider(&found, Role::Ordering);
        assert_eq!(phone.as_deref(), Some("+13035550190"), "{header}");
        assert_eq!(fax.as_deref(), Some("+13035550191"), "{header}");
    }
}

/// A sentence goes on over the end of its line, and names a practice on the way.
#[test]
fn a_number_torn_by_the_end_of_its_line() {
    let found = extract(&[page(
        "
            PRECERTIFICATION REQUEST STATEMENT
3 Prescriber
The prescriber is Katarina Merriweather, NP of Cardinal Primary Care (NPI 2985204926, TIN
452130272), 2468 Willow Court, Glenwood, CO 80245, telephone +1 (303) 555-0129, fax +1 (303)
555-0130.
",
    )]);
    let [_, phone, fax] = provider(&found, Role::Ordering);
    assert_eq!(phone.as_deref(), Some("+13035550129"));
    assert_eq!(fax.as_deref(), Some("+13035550130"));
}

/// Beside a heading stands another one, and the name beneath.
#[test]
fn names_stand_beneath_headings_side_by_side() {
    let found = extract(&[page(
        "
            OUTGOING REFERRAL FOR AUTHORIZATION
Authorizing provider          Referred to
Tamsin Castellan, MD          Hearthside Nursing Services
Summit Orthopedics            1187 Harbor Avenue
NPI: 2245992252               NPI: 2339051767
Primary care provider         Percival Quimby, MD, NPI 2264713621
",
    )]);
    assert_eq!(provider(&found, Role::Ordering)[0].as_deref(), Some("Tamsin Castellan"));
    assert_eq!(
        provider(&found, Role::Rendering)[0].as_deref(),
        Some("Hearthside Nursing Services")
    );
}
