//! Typed indices: an id can only be used with the kind of list that issued it.

use std::fmt;
use std::marker::PhantomData;
use std::slice;

/// The id of an element of an [`IndexVec`].
pub trait Id: Copy + Eq {
    /// The id of the element at an index, from 0.
    fn new(index: usize) -> Self;

    /// The index of the element, from 0.
    fn index(self) -> usize;
}

/// Defines ids: `newtype_id! { /// A segment. pub struct SegmentId; }`.
macro_rules! newtype_id {
    ($($(#[$meta:meta])* $visibility:vis struct $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $visibility struct $name(usize);

        impl $crate::index::Id for $name {
            #[inline]
            fn new(index: usize) -> Self {
                Self(index)
            }

            #[inline]
            fn index(self) -> usize {
                self.0
            }
        }
    )+};
}
pub(crate) use newtype_id;

/// A vector indexed by ids of one type. Other data about the same things is kept in an `IndexVec` over the same ids.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IndexVec<I, T> {
    elements: Vec<T>,
    ids: PhantomData<I>,
}

impl<I: Id, T> IndexVec<I, T> {
    /// An empty vector.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        self.elements.len()
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// The element with an id.
    #[inline]
    pub fn get(&self, id: I) -> Option<&T> {
        self.elements.get(id.index())
    }

    /// The element with an id, mutably.
    #[inline]
    pub fn get_mut(&mut self, id: I) -> Option<&mut T> {
        self.elements.get_mut(id.index())
    }

    /// The first element.
    pub fn first(&self) -> Option<&T> {
        self.elements.first()
    }

    /// Adds an element and returns its id.
    pub fn push(&mut self, element: T) -> I {
        let id = self.next_id();
        self.elements.push(element);
        id
    }

    /// The id of the next element to be pushed.
    pub fn next_id(&self) -> I {
        I::new(self.elements.len())
    }

    /// The id of an element equal to this one, which is added if there is none.
    pub fn intern(&mut self, element: T) -> I
    where
        T: PartialEq,
    {
        let known = self.position(|known| *known == element);
        known.unwrap_or_else(|| self.push(element))
    }

    /// The id of the first element that satisfies a predicate.
    pub fn position(&self, is_it: impl FnMut(&T) -> bool) -> Option<I> {
        self.elements.iter().position(is_it).map(I::new)
    }

    /// The ids, in ascending order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        (0..self.elements.len()).map(I::new)
    }

    /// The elements in id order.
    pub fn iter(&self) -> slice::Iter<'_, T> {
        self.elements.iter()
    }

    /// The elements in id order, mutably.
    pub fn iter_mut(&mut self) -> slice::IterMut<'_, T> {
        self.elements.iter_mut()
    }

    /// The elements with their ids.
    pub fn iter_enumerated(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        let elements = self.elements.iter().enumerate();
        elements.map(|(index, element)| (I::new(index), element))
    }

    /// Pairs the elements with those of another vector under the same ids.
    pub fn zip<'s, U>(
        &'s self,
        others: &'s IndexVec<I, U>,
    ) -> impl Iterator<Item = (&'s T, &'s U)> {
        self.elements.iter().zip(&others.elements)
    }

    /// Maps each element, under the same ids.
    pub fn map<'s, U>(&'s self, of: impl FnMut(&'s T) -> U) -> IndexVec<I, U> {
        self.elements.iter().map(of).collect()
    }

    /// The elements in id order.
    pub fn as_slice(&self) -> &[T] {
        &self.elements
    }
}

impl<I, T> Default for IndexVec<I, T> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<I, T> From<Vec<T>> for IndexVec<I, T> {
    fn from(elements: Vec<T>) -> Self {
        Self {
            elements,
            ids: PhantomData,
        }
    }
}

impl<I, T: fmt::Debug> fmt::Debug for IndexVec<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.elements.fmt(f)
    }
}

impl<I, T> FromIterator<T> for IndexVec<I, T> {
    fn from_iter<E: IntoIterator<Item = T>>(elements: E) -> Self {
        Vec::from_iter(elements).into()
    }
}

impl<I, T> Extend<T> for IndexVec<I, T> {
    fn extend<E: IntoIterator<Item = T>>(&mut self, elements: E) {
        self.elements.extend(elements);
    }
}

impl<I, T> IntoIterator for IndexVec<I, T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.elements.into_iter()
    }
}

impl<'a, I, T> IntoIterator for &'a IndexVec<I, T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.elements.iter()
    }
}

impl<'a, I, T> IntoIterator for &'a mut IndexVec<I, T> {
    type Item = &'a mut T;
    type IntoIter = slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.elements.iter_mut()
    }
}
