" seil.vim - colours for configs of SEIL routers: key : value.
if exists('b:current_syntax')
  finish
endif
let s:cpo = &cpo
set cpo&vim

syntax case match

" A line: a key, a colon, a value.  What is no such line is an error, and so is a comment: there are none.
syntax match seilBadLine /^.*\S.*$/
syntax match seilKey /^\s*[^ \t:]\+\s*\ze:/ nextgroup=seilSeparator contains=seilSection,seilIndex,seilBadKey
syntax match seilSection /^\s*[a-z0-9-]\+/ contained
syntax match seilIndex /\.\@<=\d\+\>/ contained
syntax match seilIndex /\<\%(ge\|vlan\|bridge\|lag\|loopback\|pppoe\|ppp\|wwan\|rac\|tunnel\|gre\|ipsec\|ipsecac\|l2tp\|pppac\|wlan\)\@<=\d\+/ contained
syntax match seilBadKey /[A-Z_]\+\|\.\.\+\|\.\@<=0\d\+/ contained
syntax match seilSeparator /\s*:\s*/ contained nextgroup=seilValue

syntax match seilValue /\S.*$/ contained contains=seilSwitch,seilAddress,seilNumber,seilTime,seilHex,seilInterface,seilMasked,seilPlaceholder,seilQuoted,seilOpenQuote,seilBadByte
syntax match seilSwitch /\%(:\s*\)\@<=\%(enable\|disable\)\ze\s*$/ contained
syntax match seilNumber /\%([:\-]\s*\)\@<=\d\+\ze\%(-\d\+\)\?\s*$/ contained
syntax match seilTime /\%(:\s*\)\@<=\%(\d\+h\)\?\%(\d\+m\)\?\%(\d\+s\)\?\ze\s*$/ contained
syntax match seilHex /\<0x\x\+\>/ contained
syntax match seilAddress /\<\d\{1,3}\%(\.\d\{1,3}\)\{3}\%(\/\d\{1,2}\)\?\>/ contained
syntax match seilAddress /\%([:\-]\s\+\|: *\|-\)\@<=\x*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*\%(\/\d\{1,3}\)\?/ contained
syntax match seilInterface /\%(:\s*\)\@<=\%(ge\|vlan\|bridge\|lag\|loopback\|pppoe\|ppp\|wwan\|rac\|tunnel\|gre\|ipsec\|ipsecac\|l2tp\|pppac\|wlan\)\%(\d\+\|\*\)\ze\s*$/ contained
syntax match seilMasked /\*\{2,}/ contained
syntax match seilPlaceholder /\${[^}]*}/ contained
syntax match seilOpenQuote /\%(:\s*\)\@<="\%([^"\\]\|\\.\)*$/ contained
syntax match seilQuoted /\%(:\s*\)\@<="\%([^"\\]\|\\.\)*"/ contained contains=seilEscape
syntax match seilEscape /\\["\\]/ contained
syntax match seilBadByte /[^\x01-\x7f]/ contained

highlight default link seilBadLine Error
highlight default link seilBadKey Error
highlight default link seilBadByte Error
highlight default link seilOpenQuote Error
highlight default link seilKey Identifier
highlight default link seilSection Statement
highlight default link seilIndex Special
highlight default link seilSeparator Delimiter
highlight default link seilValue String
highlight default link seilSwitch Boolean
highlight default link seilNumber Number
highlight default link seilTime Number
highlight default link seilHex Number
highlight default link seilAddress Constant
highlight default link seilInterface Type
highlight default link seilMasked Todo
highlight default link seilPlaceholder Todo
highlight default link seilQuoted String
highlight default link seilEscape SpecialChar

let b:current_syntax = 'seil'
let &cpo = s:cpo
unlet s:cpo
