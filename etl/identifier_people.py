"""Given names and family names that are common and no other word in clinical records.

Left out on purpose: names that are also words, such as Mark, Grace, May, Bill, Ray and Hope.
"""

GIVEN_NAMES = """
aaron abigail adam adrian agnes aisha alan albert alejandro alexander alexandra alfred alice alicia
allison amanda amelia amy ana andrea andreas andrew andrzej angela anita ann anna anne annette
anthony antonio arnold arthur ashley barbara beatrice benjamin bernard bernd bertha betty beverly
brandon brenda brian bridget bruce bryan camille carla carlos carlotta caroline catherine cecilia
charles charlotte cheryl chris christian christina christine christopher claire claudia clara
colleen craig cynthia daniel daniela danielle david deborah debra denise dennis derek diana diane
diego dieter dimitri dolores dominik donald donna doris dorothy douglas edith edward eileen elaine
eleanor elena elisabeth elizabeth ellen emily emma eric erika ernest esther ethel eugene eva evelyn
fatima felipe fernando florian frances francesca francisco frederick friedrich gabriel gabriela
gary geoffrey georg george gerald gerhard gertrud gertrude gilbert gisela gloria gordon gregory
guillermo günter hannah hannelore hans harold harriet heather heidi heinrich helen helga henry
herbert hermann howard ignacio ingrid irene irma isabel isabella jacob jacqueline james jane janet
janice jason javier jean jeffrey jennifer jeremy jerome jessica joan joanne johann johannes john
jonathan jorge jose josef joseph joshua josé joyce juan judith julia julian julie jürgen karen karl
katharina katherine kathleen kathryn keith kelly kenneth kevin kimberly klaus larry laura lauren
lawrence leonard leonor leslie lillian linda lisa logan lois lorraine louis louise lucia luis
lucille luisa manfred manuel marcel marcus margaret margarita maria marie marilyn mario marion
marjorie markus marta martha martin martina mary maría matthew matthias maureen mehmet melanie
melissa michael michel michelle miguel mildred mohamed mohammed monica monika muhammad mónica nancy
natalie nathan nicholas nicolas nicole nikolaus norman olga olivia oscar pablo pamela patricia
patrick paula pauline pedro peter petra philip philippe phyllis pierre priscilla rachel rafael
ralph ramón raymond rebecca regina renate ricardo richard rita robert roberto rodney roger
ronald rosemary rudolf ruth ryan sabine salvador samantha samuel sandra sara sarah scott sebastian
sergio sharon sheila shirley simone sofia sonia sophia sophie stefan stefanie stephanie stephen
steven susan susana susanne suzanne sylvia tamara teresa theodore theresa thomas tiffany timothy
tobias tyler ursula valerie vanessa veronica victoria vincent vivian walter wanda wayne
werner wilhelm william winifred wolfgang xavier yolanda yusuf yvonne zachary
""".split()  # noqa: SIM905

FAMILY_NAMES = """
adams alvarez anderson andrews armstrong bailey bauer becker bennett bernard brooks butler campbell
carter castillo castro chavez clark collins cooper davies davis diaz dupont durand dubois edwards
evans fernandez fischer flores foster garcia gomez gonzalez gonzales graham griffin gutierrez
hamilton harris harrison hernandez hoffmann hughes jackson jenkins jimenez johnson jones kowalski
lambert laurent lefebvre lewis lopez martinez mcdonald mendoza meyer miller mitchell morales moreau
moreno morgan mueller murphy murray myers müller nelson nguyen novak ortiz parker patel
patterson perez peterson petit phillips ramirez ramos reynolds richards richardson rivera roberts
robertson robinson rodriguez rogers rojas romero ruiz russell sanchez sanders schmidt schneider
schulz schwarz simmons simon smith stewart sullivan thompson torres vargas vazquez wagner walker
washington watson weber williams wilson wright zimmermann
""".split()  # noqa: SIM905
