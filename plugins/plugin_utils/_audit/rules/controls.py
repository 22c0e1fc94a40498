# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Controls of published frameworks that a rule plainly helps to meet: for orientation, not certification.

Numbers and titles are those of NIST SP 800-53 revision 5, of Annex A of ISO/IEC 27001:2022, and of the CIS Controls
version 8 (safeguards). The common criteria of SOC 2 have numbers and no titles: a few words say what each is about.
"""

from __future__ import annotations

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import ControlRow

NIST, ISO, SOC, CIS = "NIST SP 800-53 rev. 5", "ISO/IEC 27001:2022 Annex A", "SOC 2 CC", "CIS Controls v8"


def _control(framework: str, number: str, title: str) -> ControlRow:
    return {"framework": framework, "id": number, "title": title}


AC_2 = _control(NIST, "AC-2", "Account Management")
AC_2_3 = _control(NIST, "AC-2(3)", "Disable Accounts")
AC_6 = _control(NIST, "AC-6", "Least Privilege")
AC_6_5 = _control(NIST, "AC-6(5)", "Privileged Accounts")
IA_2_1 = _control(NIST, "IA-2(1)", "Multi-factor Authentication to Privileged Accounts")
IA_2_2 = _control(NIST, "IA-2(2)", "Multi-factor Authentication to Non-privileged Accounts")
IA_5 = _control(NIST, "IA-5", "Authenticator Management")
SC_7 = _control(NIST, "SC-7", "Boundary Protection")
# With a hyphen for the dash: one character beyond Latin-1 would double the memory that a JSON report takes.
SC_7_5 = _control(NIST, "SC-7(5)", "Deny by Default - Allow by Exception")

A_5_15 = _control(ISO, "A.5.15", "Access control")
A_5_16 = _control(ISO, "A.5.16", "Identity management")
A_5_17 = _control(ISO, "A.5.17", "Authentication information")
A_5_18 = _control(ISO, "A.5.18", "Access rights")
A_8_2 = _control(ISO, "A.8.2", "Privileged access rights")
A_8_5 = _control(ISO, "A.8.5", "Secure authentication")

CC_6_1 = _control(SOC, "CC6.1", "Logical access security")
CC_6_2 = _control(SOC, "CC6.2", "Credentials are issued and withdrawn with authorization")
CC_6_3 = _control(SOC, "CC6.3", "Access by role, least privilege and segregation of duties")
CC_6_6 = _control(SOC, "CC6.6", "Protection against access from outside the system")

CIS_5_3 = _control(CIS, "5.3", "Disable Dormant Accounts")
CIS_5_5 = _control(CIS, "5.5", "Establish and Maintain an Inventory of Service Accounts")
CIS_6_1 = _control(CIS, "6.1", "Establish an Access Granting Process")
CIS_6_5 = _control(CIS, "6.5", "Require MFA for Administrative Access")
CIS_6_8 = _control(CIS, "6.8", "Define and Maintain Role-Based Access Control")

# Groups that several rules share.
LEAST_PRIVILEGE = (AC_6, A_8_2, CC_6_3, CIS_6_8)
OWNERS = (AC_6, AC_6_5, A_8_2, CC_6_3, CIS_6_8)
NETWORK = (SC_7, SC_7_5, A_5_15, CC_6_6)
SECRETS = (IA_5, A_5_17, CC_6_1)
DORMANT = (AC_2_3, A_5_18, CIS_5_3)
