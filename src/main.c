/* main.c - the process: hands the command line to the registry. */
#include "base/base.h"

int main(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return 0;
}
