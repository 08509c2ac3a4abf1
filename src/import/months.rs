//! Months and quarters in the names of files.

use crate::value::folded;

/// The names of the months, long and short, in the nominative and as they are written after a day, in the languages that `init` knows and in Danish
/// and Norwegian, Czech, Finnish, Hungarian and Romanian. They are given without accents, with `maerz` as it is typed without them. Names that mean
/// something else in one of these languages are left out: the Norwegian `des`, the Czech `pro`, the Polish `marca`, the Romanian `noi`.
const MONTHS: [&str; 12] = [
    "january jan januar janner jaenner jaen janvier janv januari gennaio gen enero ene janeiro styczen stycznia sty leden ledna led \
     tammikuu tammikuun tammikuuta tammik tammi ianuarie ian",
    "february feb februar fevrier fevr fev februari febbraio febrero fevereiro luty lutego lut unor unora helmikuu helmikuun helmikuuta \
     helmik helmi febr februarie",
    "march mar marz maerz mrz mars maart mrt marzo marco marzec marts brezen brezna bre maaliskuu maaliskuun maaliskuuta maalisk maalis \
     marcius martie",
    "april apr avril avr aprile abril abr kwiecien kwietnia kwi duben dubna dub huhtikuu huhtikuun huhtikuuta huhtik huhti aprilis aprilie",
    "may mai mei maggio mag mayo maio maj maja kveten kvetna kve toukokuu toukokuun toukokuuta toukok touko majus",
    "june jun juni juin giugno giu junio junho czerwiec czerwca cze cerven cervna cvn kesakuu kesakuun kesakuuta kesak junius iunie iun",
    "july jul juli juillet juil luglio lug julio julho lipiec lipca lip cervenec cervence cvc heinakuu heinakuun heinakuuta heinak julius iulie iul",
    "august aug aout aou augustus agosto ago sierpien sierpnia sie augusti srpen srpna srp elokuu elokuun elokuuta elok elo augusztus",
    "september sep sept septembre settembre set septiembre setiembre setembro wrzesien wrzesnia wrz zari syyskuu syyskuun syyskuuta syysk \
     syys szeptember szept septembrie",
    "october oct oktober okt octobre ottobre ott octubre outubro out pazdziernik pazdziernika rijna lokakuu lokakuun lokakuuta lokak loka octombrie",
    "november nov novembre noviembre novembro listopad listopada listopadu lis marraskuu marraskuun marraskuuta marrask marras noiembrie",
    "december dec dezember dez decembre dicembre dic diciembre dezembro grudzien grudnia gru desember prosinec prosince joulukuu joulukuun \
     joulukuuta jouluk joulu decembrie",
];

/// Names that mean something else without their accents: `rijen`, rows in Dutch, `paz`, peace, `Marc`.
const ACCENTED: [(&str, u8); 9] = [
    ("uno", 2),
    ("marc", 3),
    ("kve", 5),
    ("kesa", 6),
    ("heina", 7),
    ("zar", 9),
    ("paz", 10),
    ("rij", 10),
    ("rijen", 10),
];

/// Words next to the number of a quarter, or of half a year.
const QUARTERS: &str = "q t qtr trim trimestre trimester trimestral quarter quartal kwartaal kwartal kvartal sem semestre semester halbjahr half";

/// Words next to the number of a week.
const WEEKS: &str = "week wk w woche wo kw semaine sem settimana semana tydzien tydz tyg vecka v uge uke viikko vko tyden het saptamana";

/// The month that a word names, from 1.
pub(super) fn month_of(word: &str) -> Option<u8> {
    let plain = plain(word);
    let names = |list: &&str| list.split(' ').any(|name| name == plain);
    if let Some(at) = MONTHS.iter().position(names) {
        return u8::try_from(at + 1).ok();
    }
    let mut accented = ACCENTED.iter().filter(|_| !word.is_ascii());
    accented
        .find(|(name, _)| *name == plain)
        .map(|(_, month)| *month)
}

/// Whether a word can stand next to the number of a quarter.
pub(super) fn names_quarter(word: &str) -> bool {
    let plain = plain(word);
    QUARTERS.split(' ').any(|name| name == plain)
}

/// Whether a word can stand next to the number of a week.
pub(super) fn names_week(word: &str) -> bool {
    let plain = plain(word);
    WEEKS.split(' ').any(|name| name == plain)
}

/// A word without accents, in lower case.
fn plain(word: &str) -> String {
    let mut plain = String::new();
    folded(word, &mut plain);
    plain
}

/// Whether it is a letter, or a combining accent after one, as some systems write file names.
pub(super) fn is_letter(c: char) -> bool {
    c.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&c)
}

/// Whether a word names a month.
pub fn is_month(word: &str) -> bool {
    month_of(word).is_some()
}

/// Whether a number in the name of a file is a year.
pub(super) fn is_year(number: u128) -> bool {
    (1_900..2_100).contains(&number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_known_in_many_languages() {
        const NAMES: [&str; 26] = [
            "january february march april may june july august september october november december",
            "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
            "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
            "januari februari maart april mei juni juli augustus september oktober november december",
            "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
            "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
            "Styczeń Luty Marzec Kwiecień Maj Czerwiec Lipiec Sierpień Wrzesień Październik Listopad Grudzień",
            "stycznia lutego - kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
            "sty lut mar kwi maj cze lip sie wrz paź lis gru",
            "januari februari mars april maj juni juli augusti september oktober november december",
            "jan feb mars apr maj jun jul aug sept okt nov dec",
            "januar februar marts april maj juni juli august september oktober november december",
            "jan feb mar apr maj jun jul aug sep okt nov dec",
            "januar februar mars april mai juni juli august september oktober november desember",
            "leden únor březen duben květen červen červenec srpen září říjen listopad prosinec",
            "ledna února března dubna května června července srpna září října listopadu prosince",
            "led úno bře dub kvě čvn čvc srp zář říj lis -",
            "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu",
            "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta \
             marraskuuta joulukuuta",
            "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
            "január február március április május június július augusztus szeptember október november december",
            "jan febr márc ápr máj jún júl aug szept okt nov dec",
            "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
            "ian feb mar apr mai iun iul aug sept oct nov dec",
            "- - Ma\u{308}rz - - - - aou\u{302}t - - - de\u{301}c",
        ];
        for names in NAMES {
            let names = names.split(' ').filter(|name| !name.is_empty()).zip(1..);
            for (name, month) in names.filter(|(name, _)| *name != "-") {
                assert_eq!(month_of(name), Some(month), "{name}");
            }
        }
        for word in [
            "rijen", "rij", "paz", "Marc", "marca", "uno", "des", "pro", "noi",
        ] {
            assert_eq!(month_of(word), None, "{word}");
        }
    }
}
