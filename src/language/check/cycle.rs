//! Finds definitions that depend on each other, and an order in which all others can be checked.

use std::collections::{HashMap, HashSet, VecDeque};

use super::depends::Node;
use crate::language::ast::Span;

/// What each node depends on. A dependency without a span comes from the order of a ladder.
#[derive(Debug, Default)]
pub(super) struct Graph {
    needs: HashMap<Node, Vec<(Node, Option<Span>)>>,
    nodes: Vec<Node>,
}

/// A cycle: its nodes in order, each depending on the next and the last on the first, with the place of each
/// dependency.
pub(super) type Cycle = Vec<(Node, Option<Span>)>;

impl Graph {
    /// Adds a node with its dependencies. Nodes are visited in the order in which they are added.
    pub fn add(&mut self, node: Node, needs: Vec<(Node, Option<Span>)>) {
        self.nodes.push(node);
        self.needs.insert(node, needs);
    }

    /// The nodes, in the order in which they were added.
    pub fn nodes(&self) -> impl Iterator<Item = Node> {
        self.nodes.iter().copied()
    }

    /// For each node, the nodes that depend on it.
    pub fn needed_by(&self) -> HashMap<Node, Vec<Node>> {
        let mut needed_by: HashMap<Node, Vec<Node>> = HashMap::new();
        for (node, needs) in &self.needs {
            for (needed, _) in needs {
                needed_by.entry(*needed).or_default().push(*node);
            }
        }
        needed_by
    }

    fn needs(&self, node: Node) -> &[(Node, Option<Span>)] {
        self.needs.get(&node).map_or(&[], Vec::as_slice)
    }

    /// The nodes in an order in which each comes after its dependencies, and one cycle for each group of nodes that
    /// depend on each other. Tarjan's algorithm, with an explicit stack.
    pub fn order(&self) -> (Vec<Node>, Vec<Cycle>) {
        let mut walk = Walk::default();
        for &root in &self.nodes {
            if !walk.index.contains_key(&root) {
                self.visit(root, &mut walk);
            }
        }
        let place: HashMap<Node, usize> = self
            .nodes
            .iter()
            .enumerate()
            .map(|(i, n)| (*n, i))
            .collect();
        let mut circles: Vec<Cycle> = walk
            .groups
            .iter()
            .filter_map(|group| {
                let first = *group.iter().min_by_key(|n| place.get(n))?;
                self.circle_through(first, &group.iter().copied().collect())
            })
            .collect();
        circles.sort_by_key(|c| c.first().and_then(|(n, _)| place.get(n)));
        (walk.groups.concat(), circles)
    }

    fn visit(&self, root: Node, walk: &mut Walk) {
        walk.open(root);
        let mut path = vec![(root, 0)];
        while let Some((node, at)) = path.last_mut() {
            let node = *node;
            if let Some((next, _)) = self.needs(node).get(*at) {
                *at += 1;
                if !walk.index.contains_key(next) {
                    walk.open(*next);
                    path.push((*next, 0));
                } else if walk.on_stack.contains(next) {
                    walk.lower(node, walk.index.get(next).copied());
                }
                continue;
            }
            path.pop();
            if let Some((parent, _)) = path.last() {
                walk.lower(*parent, walk.low.get(&node).copied());
            }
            walk.close(node);
        }
    }

    /// The shortest path from a node back to itself within its group; `None` if there is none.
    fn circle_through(&self, first: Node, group: &HashSet<Node>) -> Option<Cycle> {
        let mut came_from: HashMap<Node, (Node, Option<Span>)> = HashMap::new();
        let mut queue = VecDeque::from([first]);
        while let Some(node) = queue.pop_front() {
            for (next, span) in self.needs(node) {
                if *next == first {
                    let mut circle = vec![(node, *span)];
                    let mut at = node;
                    while at != first {
                        let step = *came_from.get(&at)?;
                        circle.push(step);
                        at = step.0;
                    }
                    circle.reverse();
                    return Some(circle);
                }
                if group.contains(next) && !came_from.contains_key(next) {
                    came_from.insert(*next, (node, *span));
                    queue.push_back(*next);
                }
            }
        }
        None
    }
}

#[derive(Default)]
struct Walk {
    index: HashMap<Node, usize>,
    low: HashMap<Node, usize>,
    stack: Vec<Node>,
    on_stack: HashSet<Node>,
    groups: Vec<Vec<Node>>,
}

impl Walk {
    fn open(&mut self, node: Node) {
        let index = self.index.len();
        self.index.insert(node, index);
        self.low.insert(node, index);
        self.stack.push(node);
        self.on_stack.insert(node);
    }

    fn lower(&mut self, node: Node, to: Option<usize>) {
        if let (Some(low), Some(to)) = (self.low.get_mut(&node), to) {
            *low = (*low).min(to);
        }
    }

    fn close(&mut self, node: Node) {
        if self.low.get(&node) != self.index.get(&node) {
            return;
        }
        let mut group = Vec::new();
        while let Some(member) = self.stack.pop() {
            self.on_stack.remove(&member);
            group.push(member);
            if member == node {
                break;
            }
        }
        self.groups.push(group);
    }
}
