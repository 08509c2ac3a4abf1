;;; muster.el --- Emacs 29 and newer, or 28 with eglot; yaml-ts-mode or yaml-mode  -*- lexical-binding: t -*-

;; `:trusted t' lets the server read the environment and the database of the folder: say so of your own folders only.

(require 'eglot)
(require 'project)

(add-to-list 'eglot-server-programs
             '((yaml-ts-mode yaml-mode)
               . ("muster" "lsp" :initializationOptions (:trusted t))))

(defun muster-folder (folder)
  "The nearest folder with a config.yaml, from FOLDER upwards."
  (locate-dominating-file folder "config.yaml"))

(defun muster-project (folder)
  "The project of FOLDER where a config.yaml says so: without it a file in rules/ would be taken for a project alone."
  (let ((root (and (derived-mode-p 'yaml-mode 'yaml-ts-mode) (muster-folder folder))))
    (and root (cons 'transient (expand-file-name root)))))

(defun muster-ensure ()
  "Start the server where there is a config.yaml."
  (when (and buffer-file-name (muster-folder buffer-file-name))
    (add-hook 'project-find-functions #'muster-project nil t)
    (eglot-ensure)))

(add-hook 'yaml-ts-mode-hook #'muster-ensure)
(add-hook 'yaml-mode-hook #'muster-ensure)

(provide 'muster)
;;; muster.el ends here
