" seil.vim - what ends in .seil is a config of a SEIL router.
autocmd BufNewFile,BufRead *.seil setfiletype seil
