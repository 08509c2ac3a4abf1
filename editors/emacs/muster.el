;;; muster.el --- Emacs 29 and newer, with eglot and yaml-ts-mode or yaml-mode  -*- lexical-binding: t -*-

;; `:trusted t' lets the server read the environment and the database of the folder: say so of your own folders only.

(require 'eglot)

(add-to-list 'eglot-server-programs
             '((yaml-ts-mode yaml-mode)
               . ("muster" "lsp" :initializationOptions (:trusted t))))

(defun muster-folder-p ()
  "Whether the file of this buffer is in a folder with a config.yaml, or below one."
  (and buffer-file-name (locate-dominating-file buffer-file-name "config.yaml")))

(defun muster-ensure ()
  "Start the server where there is a config.yaml."
  (when (muster-folder-p) (eglot-ensure)))

(add-hook 'yaml-ts-mode-hook #'muster-ensure)
(add-hook 'yaml-mode-hook #'muster-ensure)

(provide 'muster)
;;; muster.el ends here
