# Completion of rewire in fish: commands, options and files. The program itself says what there is.
function __rewire_words
    set -l command (commandline -opc)
    set -l asked $command[1]
    test (count $command) -gt 1; and set asked $asked $command[2]
    test (count $command) -gt 2; and test "$command[2]" = sweep; and set asked $asked $command[3]
    $asked --help=words 2>/dev/null
end
complete -c rewire -n 'test (count (commandline -opc)) -eq 1' -f -a '(__rewire_words)'
complete -c rewire -n 'test (count (commandline -opc)) -eq 2; and contains sweep (commandline -opc)' -f -a '(__rewire_words)'
complete -c rewire -n 'string match -q -- "-*" (commandline -ct)' -f -a '(__rewire_words)'
