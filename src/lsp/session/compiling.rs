//! From an edit to the diagnostics shown.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use gen_lsp_types::{Diagnostic, PublishDiagnosticsNotification, PublishDiagnosticsParams, Uri};

use super::{Session, not_compiled};
use crate::diagnostic::{Code, Finding};
use crate::lsp::compiler::{Found, Job, Told};
use crate::lsp::diagnostics;
use crate::lsp::folder::{Folder, path_of};
use crate::lsp::world::World;
use crate::rules;
use crate::source::SourceFile;

impl Session<'_> {
    /// Records that the texts have changed.
    pub(super) fn edited(&mut self) {
        self.state += 1;
        let now = Instant::now();
        let first = self.edited.map_or(now, |(first, _)| first);
        self.edited = Some((first, now));
    }

    /// Requests compilation of the newest state, unless it is already requested.
    pub(super) fn compile(&mut self) {
        if self.edited.take().is_none() {
            return;
        }
        self.find_config();
        self.compiler.compile(Job {
            folder: self.folder.clone(),
            texts: self.texts.clone(),
            options: self.options.clone(),
            state: self.state,
        });
    }

    /// If there is no config in the expected place, uses the nearest one above an open text.
    fn find_config(&mut self) {
        let name = self.folder.config().file_name();
        let Some(name) = name.map(OsStr::to_owned) else {
            return;
        };
        if self.options.config.is_some() {
            return;
        }
        let sources = self
            .folder
            .sources(self.texts.of(&self.folder), &self.options);
        if self.folder.has_config(&sources) {
            return self.tell_of_others(&name);
        }
        let above = self
            .texts
            .uris()
            .filter_map(|uri| self.config_above(&uri, &name));
        let Some(found) = above.min() else {
            return;
        };
        if !self.has_folder {
            // The text was opened without a folder: the folder of its config becomes the open folder.
            (self.around.enter)(&found);
            self.base.clone_from(&found);
        }
        let config = found
            .strip_prefix(&self.base)
            .map(|inside| inside.join(&name));
        self.folder = Folder::new(&self.base, &config.unwrap_or_else(|_| found.join(&name)));
        self.tell_of_others(&name);
    }

    /// The folder of the nearest config above a text, within the open folder.
    fn config_above(&self, uri: &Uri, name: &OsStr) -> Option<PathBuf> {
        let path = path_of(uri)?;
        // A symbolic link inside the open folder may lead out of it.
        let allowed = self.folder.sources(Vec::new(), &self.options);
        let within = path.ancestors().skip(1);
        let mut within =
            within.take_while(|folder| !self.has_folder || folder.starts_with(&self.base));
        let found = within.find(|folder| {
            let config = folder.join(name);
            let may_be_read = !self.has_folder || allowed.may_follow(&config);
            let of = Folder::new(&self.base, &config);
            may_be_read && config.exists() && of.has_config(&of.sources(Vec::new(), &self.options))
        })?;
        Some(found.to_path_buf())
    }

    /// Reports, once for each, texts that belong to another project than the config found.
    fn tell_of_others(&mut self, name: &OsStr) {
        let new = self
            .texts
            .uris()
            .filter(|uri| !self.placed.contains(&uri.0));
        for uri in new.collect::<Vec<_>>() {
            let other = self.config_above(&uri, name);
            self.placed.insert(uri.0);
            let Some(other) = other.filter(|other| other != self.folder.root()) else {
                continue;
            };
            let key = other.display().to_string();
            if self.placed.insert(key) {
                let here = self.folder.root().join(name);
                let words = format!(
                    "`{}` is the config of another project, so its files are not checked: this server works for `{}`. Open its folder separately",
                    other.join(name).display(),
                    here.display()
                );
                self.warn(words);
            }
        }
    }

    /// Whether files on disk have changed since they were compiled.
    pub(super) fn is_behind(&self) -> bool {
        let Some((world, _)) = &self.world else {
            return false;
        };
        let sources = self
            .folder
            .sources(self.texts.of(&self.folder), &self.options);
        let is_other =
            |file: &SourceFile| sources.read(&file.path).ok().as_ref() != Some(&file.text);
        let is_new = |path: &PathBuf| world.named(path).is_none();
        let config = world.project().map(|project| &project.config);
        world.sources().iter().any(|(_, file)| is_other(file))
            || config.is_some_and(|config| {
                let (rules, _) = rules::rule_files(config, &sources);
                let (tests, _) = rules::test_files(config, &sources);
                rules.iter().chain(&tests).any(is_new)
            })
    }

    pub(super) fn told(&mut self, told: Told) {
        match told {
            Told::Found(world, found) => self.found(world, found),
            Told::Failed(state) => {
                self.log("compiling failed; this should not happen");
                if state != self.state {
                    return;
                }
                // The known locations are of older texts and mean something else now.
                self.failed = Some(state);
                for (waiting, _) in std::mem::take(&mut self.waiting) {
                    self.send(not_compiled(waiting.request.id));
                }
            }
            Told::NotSeen => {
                self.log("looking at data and tests failed; this should not happen");
            }
        }
    }

    fn found(&mut self, world: Arc<World>, found: Found) {
        let state = world.state;
        let is_told = |known: &(Arc<World>, Found)| Arc::ptr_eq(&known.0, &world);
        if state == self.state && !self.world.as_ref().is_some_and(is_told) {
            let with_clauses = self.options.count_clauses;
            self.people.count(Arc::clone(&world), with_clauses);
        }
        let is_of_other = |uri: &Uri| {
            let name = world.folder.config().file_name();
            let above = name.and_then(|name| self.config_above(uri, name));
            above.is_some_and(|above| above != world.folder.root())
        };
        let encoding = self.client.encoding;
        let diagnostics = diagnostics::of(&world, &found.all, encoding, is_of_other);
        self.show(&world, diagnostics);
        let is_unread = |f: &Finding| f.code == Code::YamlSyntax;
        if world.project().is_some() && !found.all.iter().any(is_unread) {
            self.names = Some(Arc::clone(&world));
        }
        self.world = Some((world, found));
        if state == self.state {
            for (waiting, answer) in std::mem::take(&mut self.waiting) {
                if !self.is_outdated(&waiting) {
                    self.answer(waiting.request, answer);
                }
            }
        }
    }

    /// Sends the editor diagnostics that it does not show yet.
    fn show(&mut self, world: &World, mut diagnostics: BTreeMap<String, Vec<Diagnostic>>) {
        for uri in self.shown.keys() {
            diagnostics.entry(uri.clone()).or_default();
        }
        for (uri, diagnostics) in diagnostics {
            let is_shown = match self.shown.get(&uri) {
                Some(shown) => shown.as_ref() == Some(&diagnostics),
                None => diagnostics.is_empty(),
            };
            if is_shown {
                continue;
            }
            let uri = Uri(uri);
            self.notify::<PublishDiagnosticsNotification>(PublishDiagnosticsParams {
                version: world.texts.get(&uri).map(|text| text.version),
                uri: uri.clone(),
                diagnostics: diagnostics.clone(),
            });
            self.shown.insert(uri.0, Some(diagnostics));
        }
    }
}
