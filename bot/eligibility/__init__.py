"""The internal eligibility service, and the client that speaks to it or to Partner Center. They share `wire` alone."""
