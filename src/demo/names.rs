//! Realistic names for a big city's studio: given and family names by origin.

use unicode_normalization::UnicodeNormalization;

use super::random::Random;

/// Given names and family names that belong together.
#[derive(Debug, Clone, Copy, Default)]
struct Origin {
    given: &'static str,
    family: &'static str,
}

/// The percentage of clients from each origin.
const ORIGINS: [(i64, Origin); 10] = [
    (
        30,
        Origin {
            given: "Emma, Olivia, Grace, Hannah, Claire, Megan, Lauren, Rachel, Abigail, Charlotte, Kate, \
                    Molly, James, Andrew, Matthew, Tyler, Ben, Samuel, Jack, Nora, Erin, Paige",
            family: "Smith, Johnson, Miller, Davis, Wilson, Anderson, Taylor, Moore, Clark, Lewis, Walker, \
                     Hall, Young, King, Wright, Hill, Baker, Carter, Parker, Whitfield, Hargrove, Ellison",
        },
    ),
    (
        16,
        Origin {
            given: "Sofía, Camila, Valentina, Lucía, María José, Ana, Gabriela, Isabel, Daniela, José, \
                    Luis, Andrés, Mateo, Diego, Joaquín, Rafael",
            family: "García, Rodríguez, Martínez, Hernández, López, González, Pérez, Sánchez, Ramírez, \
                     Torres, Núñez, Peña, Castañeda, Vélez, de la Cruz, Ortiz",
        },
    ),
    (
        8,
        Origin {
            given: "Niamh, Siobhán, Aoife, Maeve, Caitlín, Ciara, Seán, Liam, Conor, Declan",
            family: "O'Brien, O'Connor, O'Sullivan, Murphy, Kelly, Byrne, Walsh, McCarthy, O'Neill, Doyle",
        },
    ),
    (
        9,
        Origin {
            given: "Giulia, Francesca, Chiara, Gianna, Bianca, Marco, Luca, Anthony, Nicolò, Dominic",
            family: "Russo, Esposito, Romano, D'Angelo, De Luca, Ricci, Conti, D'Amico, Moretti, Caruso",
        },
    ),
    (
        11,
        Origin {
            given: "Mei, Jia, Yuki, Hana, Min-ji, Soo-jin, Linh, Wei, Kenji, Haruto, Jun, Thuy",
            family: "Chen, Wang, Li, Zhang, Liu, Kim, Park, Lee, Choi, Nguyễn, Trần, Tanaka, Sato",
        },
    ),
    (
        8,
        Origin {
            given: "Priya, Ananya, Kavya, Meera, Aisha, Divya, Arjun, Rohan, Vikram, Farhan",
            family: "Patel, Sharma, Singh, Gupta, Iyer, Reddy, Khan, Mehta, Chowdhury, Nair",
        },
    ),
    (
        8,
        Origin {
            given: "Imani, Aaliyah, Nia, Zuri, Amara, Chidinma, Kwame, Malik, Jamal, Tunde",
            family: "Williams, Jackson, Robinson, Okafor, Adeyemi, Mensah, Brooks, Washington, Diallo, \
                     Ndiaye",
        },
    ),
    (
        5,
        Origin {
            given: "Zofia, Agnieszka, Tereza, Magda, Oksana, Jakub, Tomáš, Piotr, Andriy",
            family: "Nowak, Baran, Wójcik, Šimek, Blažek, Mazur, Kovalenko, Horváth, Łukasik",
        },
    ),
    (
        3,
        Origin {
            given: "Astrid, Ingrid, Freja, Søren, Lars, Björn, Åsa, Anneliese, Jürgen",
            family: "Larsen, Nilsson, Bergström, Sørensen, Müller, Weiß, Schäfer, van den Berg, \
                     Østergaard",
        },
    ),
    (
        2,
        Origin {
            given: "Leila, Yasmin, Noor, Omar, Karim, Shira, Avi, Noa",
            family: "Haddad, Al-Khatib, Mansour, Rahimi, Cohen, Levy, Friedman, Ben-David",
        },
    ),
];

/// A random given and family name.
pub fn name(random: &mut Random) -> (String, String) {
    let own = random.weighted(&ORIGINS);
    let married = random.weighted(&ORIGINS);
    let given = one_of(own.given, random);
    let family = one_of(own.family, random);
    let other = one_of(married.family, random);
    let family = match random.between(1, 100) {
        1..=10 => other,
        11..=13 => format!("{family}-{other}"),
        _ => family,
    };
    (given, family)
}

fn one_of(list: &'static str, random: &mut Random) -> String {
    let names: Vec<&str> = list.split(", ").collect();
    random.pick(&names).to_owned()
}

/// A name as the local part of an e-mail address: `sofia.garcia`.
pub fn address(given: &str, family: &str) -> String {
    format!("{}.{}", plain(given), plain(family))
}

fn plain(name: &str) -> String {
    name.nfkd()
        .map(|letter| match letter {
            'ø' | 'Ø' => 'o',
            'ł' | 'Ł' => 'l',
            'ß' => 's',
            other => other.to_ascii_lowercase(),
        })
        .filter(char::is_ascii_alphanumeric)
        .collect()
}
