;;; emacs.el --- A person at work in Emacs: each step fails with a word, the last line says how many there were  -*- lexical-binding: t -*-

(require 'yaml-mode)
(require 'eglot)
(require 'flymake)

(setq muster-trusted (list default-directory)
      eglot-sync-connect 20
      eglot-confirm-server-initiated-edits nil
      make-backup-files nil)

(defvar steps 0)

(defun step (name holds)
  "Count a step of NAME if it HOLDS, or end with its name."
  (unless holds
    (message "%s: this did not come" name)
    (kill-emacs 1))
  (setq steps (1+ steps)))

(defun await (name holds)
  "Count a step of NAME once the function HOLDS says so, within twenty seconds."
  (let ((end (time-add nil 20)) done)
    (while (and (not (setq done (funcall holds))) (time-less-p nil end))
      (accept-process-output nil 0.05))
    (step name done)))

(defun write-for (old new)
  "Write NEW in the place of the first OLD."
  (goto-char (point-min))
  (search-forward old)
  (replace-match new t t)
  (send))

(defun send ()
  "Send what was edited: the timer that does it waits for a person."
  (eglot--signal-textDocument/didChange))

(defun told (words)
  "Whether a finding of this buffer has WORDS in it."
  (send)
  (flymake-start)
  (seq-some (lambda (one) (string-match-p (regexp-quote words) (flymake-diagnostic-text one)))
            (flymake-diagnostics)))

(defun stands (words)
  "Whether the buffer has WORDS in it."
  (goto-char (point-min))
  (search-forward words nil t))

(defun ask (method &rest more)
  "The server's answer to METHOD about the place of the cursor."
  (jsonrpc-request (eglot--current-server-or-lose) method
                   (append (eglot--TextDocumentPositionParams) more)))

;; Whatever serves the YAML files of other programs goes on doing so.
(let ((programs eglot-server-programs))
  (with-current-buffer (find-file-noselect "../site/config.yaml")
    (step "other YAML files keep their server" (equal eglot-server-programs programs))))

(find-file "rules/engagement.yaml")
;; What waits for a person's first command.
(run-hooks 'post-command-hook)
(await "the server starts" #'eglot-current-server)
(step "it manages the buffer" (eglot-managed-p))
(flymake-mode 1)

(write-for "visits_60d > 0 and top 20%" "visits_60 > 0 and top 20%")
(await "a typo is told" (lambda () (told "visits_60")))
(goto-char (point-min))
(search-forward "visits_60 > 0")
(let* ((fixes (eglot-code-actions (line-beginning-position) (line-end-position)))
       (fix (seq-find (lambda (one) (eq (plist-get one :isPreferred) t)) fixes)))
  (step "a fix is offered" fix)
  (eglot--apply-workspace-edit (plist-get fix :edit)))
(step "the fix writes the name" (stands "visits_60d > 0 and top 20%"))
(await "the finding goes" (lambda () (not (told "visits_60"))))

(write-for "visits_60d > 0 and top 20%" "visits_60d>0   AND top 20%")
(eglot-format-buffer)
(step "formatting gives the form" (stands "visits_60d > 0 and top 20%"))

(stands "top 20% by visits_60")
(step "hover says what a metric is"
      (string-match-p "metric `visits_60d`" (format "%S" (ask :textDocument/hover))))

(write-for "visits_60d > 0 and top 20%" "visits_ > 0 and top 20%")
(goto-char (point-min))
(search-forward "visits_ > 0")
(search-backward "visits_")
(forward-char 7)
(step "completion offers the metric"
      (string-match-p "visits_60d" (format "%S" (ask :textDocument/completion))))
(write-for "visits_ > 0 and top 20%" "visits_60d > 0 and top 20%")

(stands "visits_60d > 0 and top 20%")
(search-backward "visits_60d > 0")
(step "the definition is found" (xref-backend-definitions 'eglot (xref-backend-identifier-at-point 'eglot)))
(step "the references are found" (> (length (ask :textDocument/references :context '(:includeDeclaration t))) 1))
(step "there is an outline" (> (length (ask :textDocument/documentSymbol)) 0))

;; Other files are edited, too, and Emacs asks whether they may be.
(cl-letf (((symbol-function 'y-or-n-p) #'always))
  (eglot-rename "recent_visits"))
(step "a metric is renamed wherever it stands" (stands "recent_visits > 0 and top 20% by recent_visits"))
(await "and all is right after it" (lambda () (not (told "recent_visits"))))

(set-buffer-modified-p nil)
(eglot-shutdown (eglot-current-server))
(dolist (buffer (buffer-list))
  (with-current-buffer buffer (set-buffer-modified-p nil)))
(message "%d steps in Emacs %s, all done" steps emacs-version)
(kill-emacs 0)
;;; emacs.el ends here
