//! Currencies as people write them: codes, signs, short words.

/// What currencies are called beside their codes, in capitals; a dollar or a krone can be of many countries.
const NAMES: [(&str, &str); 22] = [
    ("€", "EUR"),
    ("EURO", "EUR"),
    ("EUROS", "EUR"),
    ("£", "GBP"),
    ("US$", "USD"),
    ("R$", "BRL"),
    ("ZŁ", "PLN"),
    ("KČ", "CZK"),
    ("FT", "HUF"),
    ("FR", "CHF"),
    ("FR.", "CHF"),
    ("SFR.", "CHF"),
    ("LEI", "RON"),
    ("₺", "TRY"),
    ("₹", "INR"),
    ("₽", "RUB"),
    ("₴", "UAH"),
    ("₪", "ILS"),
    ("₩", "KRW"),
    ("$", "$"),
    ("¥", "¥"),
    ("KR", "KR"),
];

/// Codes of well-known currencies.
const CODES: &str = "EUR USD GBP CHF CAD AUD NZD SEK NOK DKK PLN CZK HUF RON BGN TRY BRL MXN ARS CLP COP JPY \
     CNY HKD TWD KRW SGD INR IDR MYR THB PHP VND AED SAR QAR KWD ILS EGP MAD NGN KES ZAR ISK RUB UAH RSD UYU";

/// What stands in an amount beside its currency.
const AMOUNT: &str = " \u{a0}\u{202f}.,'’-+()";

/// What is the same of `EUR`, `eur ` and `€`.
pub fn currency_form(text: &str) -> String {
    let capitals = text.trim().to_uppercase();
    match NAMES.iter().find(|(name, _)| *name == capitals) {
        Some((_, form)) => (*form).to_owned(),
        None => capitals,
    }
}

/// Whether a text is the code of a well-known currency, in capitals.
pub fn is_currency_code(text: &str) -> bool {
    CODES.split(' ').any(|code| code == text)
}

/// Whether a character stands in an amount beside its currency.
fn is_of_amount(c: char) -> bool {
    c.is_ascii_digit() || AMOUNT.contains(c)
}

/// The form of the currency that stands in an amount such as `49.25 EUR`, `€ 12` or `15 kr`; none where there is none
/// that is known.
pub fn currency_in(amount: &str) -> Option<String> {
    written_currency(amount).map(|(_, form)| form)
}

/// The same as it is written there, and its form.
pub fn written_currency(amount: &str) -> Option<(&str, String)> {
    if !amount.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let left = amount.trim_matches(is_of_amount);
    let form = currency_form(left);
    let is_known = is_currency_code(&form) || NAMES.iter().any(|(_, known)| *known == form);
    (!left.is_empty() && is_known).then_some((left, form))
}
