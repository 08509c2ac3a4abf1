//! Values chosen from a few words.

use serde::de::value::Error;
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::{Read, Reader, Text};
use crate::diagnostic::{Code, Finding, suggest};
use crate::source::Node;

/// Implements reading for enums, by the serde names of their variants, which JSON Schemas use as well.
macro_rules! choice {
    ($($name:ty),+ $(,)?) => {$(
        impl $crate::decode::Read for $name {
            fn read(
                node: &$crate::source::Node,
                reader: &mut $crate::decode::Reader<'_>,
            ) -> Option<Self> {
                reader.choice(node)
            }
        }
    )+};
}
pub(crate) use choice;

impl Reader<'_> {
    /// Reads one of the words that name the variants of an enum.
    pub fn choice<T: DeserializeOwned>(&mut self, node: &Node) -> Option<T> {
        let text = Text::read(node, self)?;
        let mut words: &[&str] = &[];
        let word = T::deserialize(Word {
            text: &text.scalar.value,
            words: &mut words,
        });
        if word.is_err() {
            let listed: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            let listed = listed.join(", ");
            let message = format!("{} cannot be `{}`", self.subject(), text.shown);
            let near = suggest(&text.shown, words.iter().copied());
            let near = near.or_else(|| beginning(&text.shown, words));
            let help = match near {
                Some(near) => format!("did you mean `{near}`? It can be {listed}"),
                None => format!("it can be {listed}"),
            };
            let finding = Finding::new(Code::InvalidValue, message).at(node.location);
            self.report(finding.help(help));
        }
        word.ok()
    }
}

/// The only word that starts with the written one up to a hyphen: `de-DE` for `de`.
fn beginning<'w>(written: &str, words: &[&'w str]) -> Option<&'w str> {
    let begins = |word: &&str| {
        let first = word.split_once('-').map(|(first, _)| first);
        first.is_some_and(|first| first.eq_ignore_ascii_case(written))
    };
    let mut near = words.iter().copied().filter(begins);
    near.next().filter(|_| near.next().is_none())
}

/// A deserializer for a single word; it records the words that are possible.
struct Word<'a> {
    text: &'a str,
    words: &'a mut &'static [&'static str],
}

impl<'de> Deserializer<'de> for Word<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.text)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        *self.words = words;
        visitor.visit_enum(self.text.into_deserializer())
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
