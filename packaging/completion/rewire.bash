# Completion of rewire in bash: commands, options and files. The program itself says what there is.
_rewire() {
    local current=${COMP_WORDS[COMP_CWORD]} command=("${COMP_WORDS[0]}") word
    for word in "${COMP_WORDS[@]:1:2}"; do # `rewire sweep plan` has two words
        [[ $word != -* && $word != "$current" && (${#command[@]} -eq 1 || ${command[1]} == sweep) ]] || break
        command+=("$word")
    done
    if [[ $current == -* || ${#command[@]} -eq 1 || (${#command[@]} -eq 2 && ${command[1]} == sweep) ]]; then
        local IFS=$'\n'
        COMPREPLY=($(compgen -W "$("${command[@]}" --help=words 2>/dev/null | cut -f 1)" -- "$current"))
    fi # else files, which bash completes itself
}
complete -o default -F _rewire rewire
