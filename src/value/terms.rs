//! Words in several languages.

/// Words for one concept, by language: in small letters and without accents, with blanks between them. What is written in several words stands
/// there as one.
#[derive(Debug)]
pub struct Terms {
    /// English.
    pub en: &'static str,
    /// German.
    pub de: &'static str,
    /// French.
    pub fr: &'static str,
    /// Dutch.
    pub nl: &'static str,
    /// Italian.
    pub it: &'static str,
    /// Spanish.
    pub es: &'static str,
    /// Portuguese.
    pub pt: &'static str,
    /// Polish.
    pub pl: &'static str,
    /// Swedish.
    pub sv: &'static str,
}

impl Terms {
    /// All words, in whatever language.
    pub fn all(&self) -> impl Iterator<Item = &'static str> {
        let lists = [
            self.en, self.de, self.fr, self.nl, self.it, self.es, self.pt, self.pl, self.sv,
        ];
        lists.into_iter().flat_map(str::split_whitespace)
    }
}
