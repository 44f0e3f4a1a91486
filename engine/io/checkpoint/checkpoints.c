#include "io/checkpoint/checkpoints.h"

#include <dirent.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/version.h"
#include "io/checkpoint/checkpoint_dependencies.h"

rw_path rw_checkpoints_kept_name(uint64_t step) {
    return rw_path_of("checkpoint/t%012" PRIu64 ".h5", step);
}

static rw_path slot_path(const char *directory, char slot) {
    return rw_path_of("%s/checkpoint/%c.h5", directory, slot);
}

static rw_err refuse_other_formats(const char *path, const rw_checkpoint_head *head) {
    RW_CHECK(
        head->format == RW_CHECKPOINT_FORMAT, RW_ERR_INPUT,
        "%s was written by rewire %s in format %u; this is rewire %s, which reads format %d; use that one, or begin "
        "anew with another -o",
        path, head->engine, head->format, rw_version().version, RW_CHECKPOINT_FORMAT);
    return RW_OK;
}

/* Adds the last error to a list of what is wrong with the states; a file that both need is named once. */
static void list_problem(char *problems, size_t size) {
    size_t used = strlen(problems);
    if (strstr(problems, rw_error_message()) != NULL)
        return;
    (void)snprintf(problems + used, size - used, "%s%.400s", used > 0 ? "; " : "", rw_error_message());
}

/* A slot and what is in it. */
typedef struct {
    char slot;
    rw_path path;
    rw_checkpoint_head head;
    bool usable; /* it holds a complete state */
} candidate;

static rw_err look_into(candidate *found, const char *directory, char slot, char *problems, size_t size) {
    *found = (candidate){.slot = slot, .path = slot_path(directory, slot)};
    if (access(found->path.text, F_OK) != 0)
        return RW_OK;
    rw_err err = rw_checkpoint_check(found->path.text, &found->head);
    found->usable = err == RW_OK;
    if (err == RW_ERR_INPUT)
        list_problem(problems, size);
    return err == RW_OK ? refuse_other_formats(found->path.text, &found->head) : err == RW_ERR_INPUT ? RW_OK : err;
}

rw_err rw_checkpoints_newest(const char *directory, rw_saved_state *state, bool *found) {
    candidate slots[2];
    char problems[900] = "";
    *found = false;
    *state = (rw_saved_state){0};
    for (size_t i = 0; i < 2; i++)
        RW_TRY(look_into(&slots[i], directory, "AB"[i], problems, sizeof problems));
    size_t newer = slots[1].usable && (!slots[0].usable || slots[1].head.step > slots[0].head.step);
    for (size_t i = 0; i < 2 && !*found; i++) {
        const candidate *next = &slots[i == 0 ? newer : 1 - newer];
        if (!next->usable)
            continue;
        rw_err err = rw_checkpoint_check_dependencies(next->path.text, directory);
        if (err != RW_OK && err != RW_ERR_INPUT)
            return err;
        *found = err == RW_OK;
        if (*found)
            *state = (rw_saved_state){.path = next->path, .slot = next->slot, .step = next->head.step};
        else
            list_problem(problems, sizeof problems);
    }
    RW_CHECK(*found || problems[0] == '\0', RW_ERR_INPUT,
             "%s, and there is no other checkpoint, so the run cannot be resumed; start it again, in another directory",
             problems);
    if (problems[0] != '\0')
        (void)snprintf(state->notice, sizeof state->notice, "%s; the other checkpoint, of step %" PRIu64 ", is used",
                       problems, state->step);
    return RW_OK;
}

/* Whether a file name is that of a saved state: A.h5, B.h5, t<step>.h5. */
static bool is_state(const char *name) {
    size_t length = strlen(name);
    bool kept = name[0] == 't' && length > 4 && strspn(name + 1, "0123456789") == length - 4;
    return strcmp(name, "A.h5") == 0 || strcmp(name, "B.h5") == 0 || (kept && strcmp(name + length - 3, ".h5") == 0);
}

/* Appends a time to a list of those there are. */
static void list_time(char *list, size_t size, double time_ms) {
    size_t used = strlen(list);
    (void)snprintf(list + used, size - used, "%s%.12g ms", used > 0 ? ", " : "", time_ms);
}

rw_err rw_checkpoints_at(const char *directory, double time_ms, rw_saved_state *state) {
    char there[1024] = "", problems[900] = "";
    rw_path folder = rw_path_of("%s/checkpoint", directory);
    DIR *entries = opendir(folder.text);
    rw_err err = RW_OK, if_none = RW_ERR_INPUT; /* or the system's failure to read a state, which may be the one */
    bool found = false;
    *state = (rw_saved_state){0};
    const struct dirent *entry;
    while (entries != NULL && !found && err == RW_OK && (entry = readdir(entries)) != NULL) {
        rw_checkpoint_head head;
        rw_path path = rw_path_of("%s/%s", folder.text, entry->d_name);
        if (!is_state(entry->d_name))
            continue;
        const rw_err checked = rw_checkpoint_check(path.text, &head);
        if (checked != RW_OK) {
            if_none = checked == RW_ERR_SYSTEM ? checked : if_none;
            list_problem(problems, sizeof problems);
            continue;
        }
        list_time(there, sizeof there, head.time_ms);
        found = fabs(head.time_ms - time_ms) <= 1e-9 * time_ms; /* times are rounded sums of steps */
        state->path = path;
        state->step = head.step;
        if (found)
            err = refuse_other_formats(path.text, &head);
    }
    if (entries != NULL)
        (void)closedir(entries); /* was only read */
    RW_TRY(err);
    RW_CHECK(found, if_none,
             "%s holds no whole state of %.12g ms; %s%s%s%s. A run keeps the states of the times in `checkpoint: {at: "
             "[...]}`",
             directory, time_ms, there[0] != '\0' ? "there are those of " : "it holds none at all", there,
             problems[0] != '\0' ? "; " : "", problems);
    return RW_OK;
}

static bool ends_in(const char *text, const char *end) {
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

void rw_checkpoints_clear(const char *directory) {
    rw_path folder = rw_path_of("%s/checkpoint", directory);
    DIR *entries = opendir(folder.text);
    const struct dirent *entry;
    while (entries != NULL && (entry = readdir(entries)) != NULL)
        if (strcmp(entry->d_name, "A.h5") == 0 || strcmp(entry->d_name, "B.h5") == 0 ||
            ends_in(entry->d_name, ".rows") || ends_in(entry->d_name, ".part"))
            (void)unlink(rw_path_of("%s/%s", folder.text, entry->d_name).text);
    if (entries != NULL)
        (void)closedir(entries);
    (void)rmdir(folder.text); /* stays if it holds kept states */
}
