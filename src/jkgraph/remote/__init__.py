"""Graphs on other servers: the SPARQL 1.1 Protocol, spoken with care.

Knows addresses of servers, HTTP and the forms of answers, and nothing of a workspace's subject.
"""
