;;; muster.el --- Emacs 29 and newer, or 28 with eglot; yaml-ts-mode or yaml-mode  -*- lexical-binding: t -*-

(require 'eglot)
(require 'project)

(defcustom muster-trusted nil
  "The folders whose environment and database the server may read, with all that lies in them: your own ones alone.
In all others it reads the texts."
  :type '(repeat directory)
  :group 'eglot)

(defun muster-trusted-p (folder)
  "Whether FOLDER is one of `muster-trusted', or lies in one."
  (seq-some (lambda (one) (file-in-directory-p folder one)) muster-trusted))

(defun muster-command (&optional _interactive project)
  "How to start the server for PROJECT."
  (let ((folder (if project (project-root project) default-directory)))
    (list "muster" "lsp" :initializationOptions
          (list :trusted (if (muster-trusted-p folder) t :json-false)))))

(defun muster-config-p (folder)
  "Whether FOLDER has a config.yaml that is Muster's: other programs call theirs so as well."
  (let ((config (expand-file-name "config.yaml" folder)))
    (and (file-readable-p config)
         (with-temp-buffer
           (insert-file-contents config)
           (flush-lines "^ *#")
           (goto-char (point-min))
           (or (not (looking-at-p "[[:space:]\n]*[^[:space:]\n]"))
               (re-search-forward "^\\(?:{\\(?:.*[ ,]\\)?\\)?[\"']?\\(?:database\\|subject\\|timezone\\)[\"']? *:" nil t)))
         t)))

(defun muster-folder (file)
  "The nearest folder with a config of Muster's, from FILE upwards."
  (locate-dominating-file file #'muster-config-p))

(defun muster-project (folder)
  "The project of FOLDER where a config.yaml says so: without it a file in rules/ would be taken for a project alone."
  (let ((root (and (derived-mode-p 'yaml-mode 'yaml-ts-mode) (muster-folder folder))))
    (and root (cons 'transient (expand-file-name root)))))

(defun muster-ensure ()
  "Start the server where there is a config of Muster's; other YAML files keep the server that they have."
  (when (and buffer-file-name (muster-folder buffer-file-name))
    (add-hook 'project-find-functions #'muster-project nil t)
    (setq-local eglot-server-programs
                (cons '((yaml-ts-mode yaml-mode) . muster-command) eglot-server-programs))
    (eglot-ensure)))

(add-hook 'yaml-ts-mode-hook #'muster-ensure)
(add-hook 'yaml-mode-hook #'muster-ensure)

(provide 'muster)
;;; muster.el ends here
