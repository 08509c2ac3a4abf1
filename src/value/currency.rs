//! Currencies as people write them: codes, signs, abbreviations.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

/// Defines the list of currencies: each with its form and its other names, in capitals.
macro_rules! currencies {
    ($($variant:ident $form:literal $(| $name:literal)*;)*) => {
        /// A well-known currency, or a sign or abbreviation that several currencies share.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Currency {
            $($variant,)*
        }

        impl Currency {
            /// All currencies.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];
            /// The number of currencies.
            pub const COUNT: usize = Self::ALL.len();

            /// The currency with this form or name, in capitals.
            fn named(capitals: &str) -> Option<Self> {
                match capitals {
                    $($form $(| $name)* => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// Its code; for a shared sign, the sign itself.
            pub fn form(self) -> &'static str {
                match self {
                    $(Self::$variant => $form,)*
                }
            }
        }
    };
}

// A dollar or a krone can belong to many countries.
currencies! {
    Eur "EUR" | "€" | "EURO" | "EUROS";
    Usd "USD" | "US$";
    Gbp "GBP" | "£";
    Chf "CHF" | "FR" | "FR." | "SFR.";
    Cad "CAD" | "CA$" | "C$";
    Aud "AUD" | "AU$" | "A$";
    Nzd "NZD" | "NZ$";
    Sek "SEK";
    Nok "NOK";
    Dkk "DKK";
    Pln "PLN" | "ZŁ";
    Czk "CZK" | "KČ";
    Huf "HUF" | "FT";
    Ron "RON" | "LEI";
    Bgn "BGN";
    Try "TRY" | "₺";
    Brl "BRL" | "R$";
    Mxn "MXN";
    Ars "ARS";
    Clp "CLP";
    Cop "COP";
    Jpy "JPY";
    Cny "CNY";
    Hkd "HKD" | "HK$";
    Twd "TWD";
    Krw "KRW" | "₩";
    Sgd "SGD" | "S$";
    Inr "INR" | "₹";
    Idr "IDR";
    Myr "MYR";
    Thb "THB";
    Php "PHP";
    Vnd "VND";
    Aed "AED";
    Sar "SAR";
    Qar "QAR";
    Kwd "KWD";
    Ils "ILS" | "₪";
    Egp "EGP";
    Mad "MAD";
    Ngn "NGN";
    Kes "KES";
    Zar "ZAR";
    Isk "ISK";
    Rub "RUB" | "₽";
    Uah "UAH" | "₴";
    Rsd "RSD";
    Uyu "UYU";
    Dollar "$";
    Yen "¥";
    Krona "KR";
}

/// The currencies that are written with a dollar sign alone if no other is meant. The lists below hold those that share
/// another sign or abbreviation.
const DOLLARS: &[Currency] = {
    use Currency::{Ars, Aud, Cad, Clp, Cop, Hkd, Mxn, Nzd, Sgd, Twd, Usd, Uyu};
    &[Usd, Cad, Aud, Nzd, Mxn, Ars, Clp, Cop, Hkd, Twd, Sgd, Uyu]
};
const YENS: &[Currency] = &[Currency::Jpy, Currency::Cny];
const KRONOR: &[Currency] = &[Currency::Sek, Currency::Nok, Currency::Dkk, Currency::Isk];

/// The characters of an amount apart from its digits and currency.
const AMOUNT: &str = " \u{a0}\u{202f}\u{2009}.,'’-−+()";

impl Currency {
    /// The currency in an amount such as `49.25 EUR`, `€ 12` or `15 kr`; `None` if there is no known one.
    pub fn in_amount(amount: &str) -> Option<Self> {
        Self::written_in(amount).map(|(_, currency)| currency)
    }

    /// The same, together with its spelling in the amount.
    pub fn written_in(amount: &str) -> Option<(&str, Self)> {
        let written = amount.trim_matches(is_of_amount);
        // Mostly it is spelled as in the list.
        let currency = Self::named(written).or_else(|| Self::named(&capitals(written)))?;
        let has_digits = amount.contains(|c: char| c.is_ascii_digit());
        has_digits.then_some((written, currency))
    }

    /// The currency that a text names, if the text contains nothing else.
    pub fn in_words(text: &str) -> Option<Self> {
        Self::named(&capitals(text))
    }

    /// The currency with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::named(code).filter(|known| known.form() == code)
    }

    /// The currency that a shared sign stands for among those that were met: the `usual` one if it has the sign,
    /// otherwise the only one met that has it. If none was met or several were, the sign itself.
    pub fn meant(self, is_met: impl Fn(Self) -> bool, usual: Option<Self>) -> Self {
        let sharing = match self {
            Self::Dollar => DOLLARS,
            Self::Yen => YENS,
            Self::Krona => KRONOR,
            _ => return self,
        };
        let mut met = sharing.iter().copied().filter(|one| is_met(*one));
        match usual.filter(|usual| sharing.contains(usual)) {
            Some(usual) => met.find(|one| *one == usual).unwrap_or(self),
            None => match (met.next(), met.next()) {
                (Some(one), None) => one,
                _ => self,
            },
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.form())
    }
}

/// The same for `EUR`, `eur ` and `€`.
pub fn currency_form(text: &str) -> String {
    let capitals = capitals(text);
    match Currency::named(&capitals) {
        Some(known) => known.form().to_owned(),
        None => capitals.into_owned(),
    }
}

/// The different currencies of texts, by their forms: a sign that several share is that of another one beside it.
pub fn currency_forms<'t>(
    texts: impl Iterator<Item = &'t str>,
    usual: Option<Currency>,
) -> BTreeSet<String> {
    let forms: BTreeSet<String> = texts.map(currency_form).collect();
    let meant = |form: &String| meant_among(form, &forms, usual);
    forms.iter().map(meant).collect()
}

/// What a form stands for among the others: itself, unless it is a sign that several currencies share.
pub fn meant_among(form: &str, forms: &BTreeSet<String>, usual: Option<Currency>) -> String {
    let is_met = |currency: Currency| forms.contains(currency.form());
    match Currency::named(form) {
        Some(currency) => currency.meant(is_met, usual).form().to_owned(),
        None => form.to_owned(),
    }
}

/// Whether a text is the code, in capitals, of a well-known currency.
pub fn is_currency_code(text: &str) -> bool {
    let is_code = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    is_code && Currency::of_code(text).is_some()
}

fn capitals(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    match text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.to_uppercase()),
    }
}

/// Whether a character belongs to the amount rather than to its currency.
fn is_of_amount(c: char) -> bool {
    c.is_ascii_digit() || AMOUNT.contains(c)
}
