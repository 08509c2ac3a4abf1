//! Enums that are stored by name.

/// Gives an enum its stored names, and lets sqlx read them.
macro_rules! names {
    ($type:ty { $($variant:ident $name:literal)* }) => {
        impl $type {
            /// The stored name.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The variant with a name.
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }

        impl sqlx::Type<sqlx::Sqlite> for $type {
            fn type_info() -> sqlx::sqlite::SqliteTypeInfo {
                <str as sqlx::Type<sqlx::Sqlite>>::type_info()
            }
        }

        impl<'r> sqlx::Decode<'r, sqlx::Sqlite> for $type {
            fn decode(value: sqlx::sqlite::SqliteValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
                let name = <&str as sqlx::Decode<sqlx::Sqlite>>::decode(value)?;
                Self::parse(name).ok_or_else(|| format!("`{name}` is not known here").into())
            }
        }
    };
}

pub(super) use names;
