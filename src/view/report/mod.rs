//! A report: what its recipient learns about a run. It covers the report's part of the run, what has changed since the
//! last one, and both as texts, which a mail lays out.

mod movers;
mod news;
mod page;
mod slice;
mod words;

pub use movers::{Mover, Part};
pub use news::{Before, Moved, News, SegmentNews, Since, news};
pub use page::{
    Limits, Line, MeaningItem, MoverItem, NewsItem, Page, SegmentItem, ValueItem, page,
};
pub use slice::{Slice, SliceSegment};
pub use words::{Change, date, instant, listed, one_line};
