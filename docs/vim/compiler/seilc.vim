" seilc.vim - :compiler seilc, then :make lints the file; :cnext goes from finding to finding.
if exists('current_compiler')
  finish
endif
let current_compiler = 'seilc'
let s:cpo = &cpo
set cpo&vim

if exists(':CompilerSet') != 2
  command -nargs=* CompilerSet setlocal <args>
endif

CompilerSet makeprg=seilc\ lint\ --quiet\ %:S

" FILE:LINE:COLUMN: error: ... [name]; the excerpt and its caret below it are indented.  What has no place begins with seilc.
CompilerSet errorformat=%f:%l:%c:\ %trror:\ %m,%f:%l:%c:\ %tarning:\ %m,%f:%l:%c:\ %tote:\ %m,%-G%.%#

let &cpo = s:cpo
unlet s:cpo
