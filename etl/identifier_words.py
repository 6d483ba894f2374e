"""Words of column names that tell what a column is made to hold, by kind of identifier.

The kinds are those of the HIPAA Privacy Rule, 45 CFR 164.514(b)(2), and free text. Words are
English, with those of German, Spanish and French exports; accents are left out, 'ss' is 'ß'.
"""

from types import MappingProxyType

BIRTH_DATE, DATE, POSTAL_CODE, FREE_TEXT = "birth date", "date", "postal code", "free text"
NAME, ADDRESS, ACCOUNT = "name", "address", "account number"
TELEPHONE, FAX, EMAIL = "telephone number", "fax number", "e-mail address"
SOCIAL_SECURITY, RECORD_NUMBER = "social security number", "medical record number"
HEALTH_PLAN, LICENCE, VEHICLE = "health plan number", "licence number", "vehicle identifier"
DEVICE, WEB, NETWORK = "device serial or lot number", "web address", "network address"
PHOTOGRAPH, POSITION = "biometric or photograph", "geographic position"
OTHER_CODE = "other unique code"

_WORDS_OF_KINDS = {
    NAME: "surname forename firstname lastname fullname fname lname mname maiden maidenname"
    " middlename initials kin nok nickname employer nachname vorname familienname geburtsname"
    " rufname ptname patname arbeitgeber apellido apellidos prenom prenoms employeur",
    FAX: "fax telefax faxnumber faxno faxnum faxnummer",
    TELEPHONE: "phone telephone tel mobilephone cellphone cellnumber homephone workphone pager"
    " telefon telefonnummer telefonnr rufnummer handy handynummer mobilnummer telefono"
    " movil whatsapp msisdn",
    EMAIL: "email mail emailaddress emailid correo courriel",
    SOCIAL_SECURITY: "ssn passport passportno nino nir dni nif curp bsn svnr"
    " sozialversicherungsnummer rentenversicherungsnummer pasaporte passeport ausweisnummer",
    RECORD_NUMBER: "mrn medrec empi uhid nhs nhc ipp patientennummer patnr aktenzeichen"
    " patientenaktennummer krankenaktennummer expediente",
    HEALTH_PLAN: "subscriber beneficiary mbi hicn kvnr versichertennummer versichertennr"
    " krankenversichertennummer krankenkassennummer poliza mutuelle policyholder",
    ACCOUNT: "account accountno acct invoice iban konto kontonummer cuenta username login"
    " rechnungsnummer fallnummer fallnr aufnahmenummer factura",
    LICENCE: "license licence lic npi dea lanr bsnr upin rpps fuehrerschein fuhrerschein"
    " lizenznummer approbationsnummer colegiado licencia permis",
    VEHICLE: "vehicle veh vin kennzeichen nummernschild immatriculation licenseplate licenceplate"
    " numberplate fahrgestellnummer bastidor",
    DEVICE: "lot lots lotno lotnr udi gtin imei seriennummer seriennr serienr chargennummer"
    " chargennr lote",
    WEB: "url urls website webpage homepage weblink webseite",
    NETWORK: "ipaddress ipaddr ipv4 ipv6 macaddress hostname",
    PHOTOGRAPH: "photo photos photograph fingerprint fingerprints voiceprint biometric biometrics"
    " retina headshot selfie portrait signature foto fotos fotografia fingerabdruck huella"
    " empreinte unterschrift lichtbild",
    BIRTH_DATE: "birth dob birthday birthdate birthyear yob dateofbirth geburtsdatum geburtstag"
    " geburtsjahr gebdatum gebdat naissance nacimiento ddn",
    DATE: "date dates datetime timestamp dt doa dod dos dos1 weekday dow yyyymm yearmonth monthyear"
    " datum fecha fechas monat mois mes quartal trimestre",
    POSTAL_CODE: "zip zip3 zip4 zip5 zip9 zipcode zipplus4 zcta postcode postal plz postleitzahl"
    " codepostal codigopostal",
    ADDRESS: "address addresses addr street streetname city cityname town county village suburb"
    " precinct parish borough district neighborhood neighbourhood fips census residence adresse"
    " anschrift strasse hausnummer wohnort wohnsitz stadt ort gemeinde landkreis ciudad calle"
    " direccion domicilio municipio poblacion localidad barrio ville rue commune quartier",
    POSITION: "latitude longitude latlong latlon lon lng gps geo geocode geohash coordinate"
    " coordinates breitengrad langengrad laengengrad latitud longitud",
    FREE_TEXT: "note notes comment comments narrative remark remarks freetext memo dictation"
    " transcript verbatim specify notiz notizen notizfeld bemerkung bemerkungen kommentar"
    " kommentare freitext anmerkung anmerkungen comentario comentarios nota notas"
    " observaciones commentaire commentaires remarque remarques",
    OTHER_CODE: "barcode wristband armband rfid",
}

KIND_OF_WORD = MappingProxyType(
    {word: kind for kind, words in _WORDS_OF_KINDS.items() for word in words.split()}
)
"""Word -> kind of identifier, wherever the word stands."""

_NUMBER = "no number num nr id nummer numero"

_KINDS_IN_COMPANY = (
    (RECORD_NUMBER, "chart medical patientfile dossier historia", _NUMBER),
    (RECORD_NUMBER, "hospital hosp record unit", "no number num nr"),
    (RECORD_NUMBER, "med", "rec record"),
    (NAME, "contact", "person"),
    (NAME, "first last middle given family", "pt pat patient"),
    (LICENCE, "dl", "no number num nr state"),
    (DEVICE, "ser sn", "no number num nr device implant balloon kit pump cement"),
    (HEALTH_PLAN, "policy member insured insurance medicare medicaid plan payer seguro", _NUMBER),
    (ACCOUNT, "claim encounter admission billing bill guarantor user", "no number num nr"),
    (LICENCE, "certificate certification registration gmc diploma", _NUMBER),
    (VEHICLE, "plate car auto registration coche voiture", "plate no number nr reg registration"
     " matricula"),
    (DEVICE, "device implant generator pump pacemaker", f"{_NUMBER} identifier barcode"),
    (DEVICE, "batch charge serie", f"{_NUMBER} cement device product kit implant balloon de"),
    (PHOTOGRAPH, "face facial iris voice finger thumb",
     "photo image img picture pic scan print id rec recording"),
    (PHOTOGRAPH, "image img picture pic photo scan video audio", "file filename path name"),
    (SOCIAL_SECURITY, "national citizen tax personal government identity identification voter"
     " resident", f"{_NUMBER} card"),
    (SOCIAL_SECURITY, "social soc sozial securite seguridad",
     "security sec social secu versicherung"),
    (TELEPHONE, "mobile cell contact home work callback", "phone mobile tel number no nr"),
    (NETWORK, "ip mac client", "address addr v4 v6 host ip mac"),
    (OTHER_CODE, "accession specimen sample session api auth access cookie",
     "number no nr num token cookie"),
    (FREE_TEXT, "free progress nursing clinical operative radiology report history letter"
     " discharge", "text note summary letter dictation narrative"),
)  # fmt: skip

COMPANY = tuple(
    (kind, frozenset(words.split()), frozenset(others.split()))
    for kind, words, others in _KINDS_IN_COMPANY
)
"""Kind, words, and other words of which one must stand beside one of the first."""

ALONE = MappingProxyType(
    {
        "name": NAME,
        "names": NAME,
        "nom": NAME,
        "nombre": NAME,
        "chart": RECORD_NUMBER,
        "policy": HEALTH_PLAN,
        "member": HEALTH_PLAN,
        "mobile": TELEPHONE,
        "cell": TELEPHONE,
        "plate": VEHICLE,
        "matricula": VEHICLE,
        "batch": DEVICE,
        "charge": DEVICE,
        "lat": POSITION,
        "ip": NETWORK,
        "mac": NETWORK,
        "face": PHOTOGRAPH,
        "filename": PHOTOGRAPH,
        "text": FREE_TEXT,
        "month": DATE,
        "quarter": DATE,
        "week": DATE,
        "certificate": LICENCE,
        "secu": SOCIAL_SECURITY,
        "nie": SOCIAL_SECURITY,
    }
)
"""A name that is this word alone -> kind."""

PHRASES = MappingProxyType(
    {
        "dateofbirth": BIRTH_DATE,
        "birth": BIRTH_DATE,
        "geburt": BIRTH_DATE,
        "dateof": DATE,
        "patientname": NAME,
        "patientenname": NAME,
        "firstname": NAME,
        "lastname": NAME,
        "nextofkin": NAME,
        "emergencycontact": NAME,
        "licenseplate": VEHICLE,
        "licenceplate": VEHICLE,
        "numberplate": VEHICLE,
        "phonenumber": TELEPHONE,
        "telephone": TELEPHONE,
        "socialsecurity": SOCIAL_SECURITY,
        "securitesociale": SOCIAL_SECURITY,
        "seguridadsocial": SOCIAL_SECURITY,
        "nationalid": SOCIAL_SECURITY,
        "nhsnumber": RECORD_NUMBER,
        "medicalrecord": RECORD_NUMBER,
        "recordnumber": RECORD_NUMBER,
        "hospitalnumber": RECORD_NUMBER,
        "historiaclinica": RECORD_NUMBER,
        "numerodossier": RECORD_NUMBER,
        "accountnumber": ACCOUNT,
        "serialnumber": DEVICE,
        "numerodeserie": DEVICE,
        "lotnumber": DEVICE,
        "ipaddress": NETWORK,
        "macaddress": NETWORK,
        "zipcode": POSTAL_CODE,
        "postcode": POSTAL_CODE,
        "codepostal": POSTAL_CODE,
        "codigopostal": POSTAL_CODE,
        "censustract": ADDRESS,
        "freetext": FREE_TEXT,
        "uniquedeviceid": DEVICE,
    }
)
"""Parts of a name written without separators -> kind, most telling first."""

PERSONS = frozenset(
    """patient pat pt person patienten subject first last full middle given family preferred next
    contact mother father spouse wife husband daughter son relative guardian caregiver partner
    emergency surgeon doctor physician provider operator referring referrer nurse radiologist
    anesthetist insured guarantor holder employer user participant client legal nick birth
    completo paciente medico cirujano famille medecin chirurgien usuel arzt""".split()  # noqa: SIM905
)
"""Of whom a column 'name' may be."""

ABOUT = frozenset(
    """type class category kind status flag known recorded available missing given obtained count
    complete completed reviewed documented consent yn""".split()  # noqa: SIM905
)
"""Last words of columns that tell something about an identifier, such as insurance_type."""

RELATIVE = frozenset(
    """follow followup fu visit post after since from months per window duration""".split()  # noqa: SIM905
)
"""Words that make a month or a week one that is counted from the procedure."""
