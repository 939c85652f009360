// Package privilege gives up what a program needed only for its start: root,
// capabilities, and the right to get new ones; and then the system calls that it does not
// need any more. All of it holds for every thread, and for good.
package privilege

import (
	"errors"
	"fmt"
	"os/user"
	"strconv"
)

// User is whom to become.
type User struct {
	Name     string
	UID, GID int
}

// Result tells what GiveUp took away.
type Result struct {
	User     User // whom the process runs as; zero if that was left as it was
	Seccomp  bool // system calls are filtered
	Landlock bool // the file system is out of reach
}

// String is what was done, for a line that tells the user; empty if nothing was.
func (r Result) String() string {
	s := ""
	if r.User.Name != "" {
		s = "as user " + r.User.Name
	}
	switch {
	case r.Seccomp && r.Landlock:
		return join(s, "confined by seccomp and Landlock")
	case r.Seccomp:
		return join(s, "confined by seccomp")
	case r.Landlock:
		return join(s, "confined by Landlock")
	}
	return s
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + ", " + b
}

// ErrNoUser says that there is no user of a name.
var ErrNoUser = errors.New("no such user")

// nobody has no rights that others have not.
const nobody = 65534

// Find is whom a process of root becomes: the user of that name, or number; without one, whoever
// called sudo, which getenv tells by SUDO_UID and SUDO_GID; else nobody.
func Find(name string, getenv func(string) string) (User, error) {
	if name != "" {
		u, err := user.Lookup(name)
		if err != nil {
			if u, err = user.LookupId(name); err != nil {
				return User{}, fmt.Errorf("%s: %w", name, ErrNoUser)
			}
		}
		return numbers(u)
	}
	uid, err := strconv.Atoi(getenv("SUDO_UID"))
	gid, gerr := strconv.Atoi(getenv("SUDO_GID"))
	if err == nil && gerr == nil && uid > 0 && gid > 0 {
		return User{nameOf(uid), uid, gid}, nil
	}
	if u, err := user.Lookup("nobody"); err == nil {
		return numbers(u)
	}
	return User{"nobody", nobody, nobody}, nil
}

// numbers are those of a user of this system.
func numbers(u *user.User) (User, error) {
	uid, err := strconv.Atoi(u.Uid)
	gid, gerr := strconv.Atoi(u.Gid)
	return User{u.Username, uid, gid}, errors.Join(err, gerr)
}

// nameOf is the name of a user, or the number.
func nameOf(uid int) string {
	id := strconv.Itoa(uid)
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return id
}
