//! Go to definition, find references, highlight.

use gen_lsp_types::{
    Definition, DefinitionParams, DefinitionResponse, DocumentHighlight, DocumentHighlightParams,
    Location, ReferenceParams,
};

use super::occurrences::{self, Occurrence};
use super::view::{Refusal, View};

/// The definition of the name under the cursor.
pub fn definition(
    view: &View<'_>,
    params: DefinitionParams,
) -> Result<Option<DefinitionResponse>, Refusal> {
    let Some(spot) = view.spot_to_read(&params.text_document_position_params) else {
        return Ok(None);
    };
    let found = occurrences::all(spot.world);
    let Some(one) = occurrences::at(&found, spot.file, spot.byte) else {
        return Ok(None);
    };
    let places = occurrences::definitions(&found, &one.symbol).into_iter();
    let places = places.filter_map(|place| spot.place(place, view.client.encoding));
    let places: Vec<Location> = places.collect();
    Ok((!places.is_empty()).then(|| Definition::LocationList(places).into()))
}

/// All occurrences of the name under the cursor.
pub fn references(
    view: &View<'_>,
    params: ReferenceParams,
) -> Result<Option<Vec<Location>>, Refusal> {
    let with_definitions = params.context.include_declaration;
    let Some(spot) = view.spot_to_read(&params.text_document_position_params) else {
        return Ok(None);
    };
    let found = occurrences::all(spot.world);
    let same = same(&found, occurrences::at(&found, spot.file, spot.byte));
    let wanted = same.filter(|one| with_definitions || !one.defines);
    let places = wanted.filter_map(|one| spot.place(one.place, view.client.encoding));
    Ok(Some(places.collect()))
}

/// The occurrences in the same file.
pub fn highlights(
    view: &View<'_>,
    params: DocumentHighlightParams,
) -> Result<Option<Vec<DocumentHighlight>>, Refusal> {
    let Some(spot) = view.spot_to_read(&params.text_document_position_params) else {
        return Ok(None);
    };
    let found = occurrences::all(spot.world);
    let same = same(&found, occurrences::at(&found, spot.file, spot.byte));
    let here = same.filter(|one| one.place.file == spot.file);
    let places = here.filter_map(|one| spot.place(one.place, view.client.encoding));
    let marked = places.map(|place| DocumentHighlight {
        range: place.range,
        kind: None,
    });
    Ok(Some(marked.collect()))
}

/// All occurrences of one symbol.
pub fn same<'f>(
    found: &'f [Occurrence],
    one: Option<&'f Occurrence>,
) -> impl Iterator<Item = &'f Occurrence> {
    let is_same = move |other: &&Occurrence| one.is_some_and(|one| one.symbol == other.symbol);
    found.iter().filter(is_same)
}
