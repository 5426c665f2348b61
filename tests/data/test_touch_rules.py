"""The shipped rules read what people and systems really write. Each wording stands with the kind it must be given."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest

from kam import demo
from kam.workspace import shipped_dictionary

KINDS = """
    select kind, reason from ref.touch_kinds
    inner join dataset.core.touches using (touch_key)
    order by cast(touch_id as integer)
"""
ORDER = ["internal", "attempt", "deal", "problem", "mandatory", "need", "standard", "standard+need"]

# kind | type | status | what was written
WORDINGS = """
internal | Системное | | Что-то случилось
internal | Заметка | | Внутреннее совещание: распределили клиентов
internal | | | Смена ответственного: Иванов → Петров
internal | | | Стадия изменена: Новая → В работе
internal | Note | Completed | Stage changed from Open to Won
internal | | | Передача клиента от Ивановой к Петрову
attempt | Звонок (исходящий) | Не состоялся | Обсудить планы закупок
attempt | Встреча | Отменена | Презентация новинок
attempt | Звонок | Запланирован | Поздравить с днём рождения
attempt | Call | No answer | Market overview
attempt | Call | Left voicemail | Follow-up
attempt | CALL | NO_ANSWER | x
attempt | Meeting | CANCELED | Webinar invitation
attempt | Meeting | Not Held | x
attempt | Task | Not Started | Send price list
attempt | Звонок | Нет | Позвонить по плану закупок
attempt | Пропущенный звонок | | входящий
attempt | | | НЕДОЗВОН
attempt | | | Не дозвонилась, набрать ещё раз в среду
attempt | | | Не берёт трубку второй день
attempt | | | трубку не взял
attempt | | | Абонент временно недоступен
attempt | | | Сбросила звонок, написал в мессенджер
attempt | | | Оставил сообщение на автоответчик
attempt | | | Просил перезвонить после обеда
attempt | | | Директора нет на месте
attempt | | | Встреча отменилась, новую дату не назвали
attempt | | | Перенесли встречу на неделю
attempt | | | Не ответил на звонок
attempt | | | Tried to call, no pick up
attempt | | | Left a voicemail for Anna
attempt | | | Customer was a no-show
attempt | | | Wrong number
deal | | | Отправила КП на фрезы
deal | | | Выслали коммерческое предложение
deal | | | Выставил счёт на оплату № 145
deal | | | Прислали заявку на абразивы
deal | | | Согласование договора, жду протокол разногласий
deal | | | Подписали договор поставки
deal | | | Торгуемся, просят скидку 7 %
deal | | | Участвуем в тендере
deal | | | Запрос цен от снабжения
deal | | | Клиент разместил заказ на 120 т.р.
deal | | | Quote sent to the buyer
deal | | | Order confirmed by email
deal | | | Contract negotiation, round two
problem | | | Рекламация по партии 12
problem | | | Получили претензию за недопоставку
problem | | | Жалуются на качество ленты
problem | | | Обнаружили брак в трёх коробках
problem | | | Недостача двух мест
problem | | | Пересорт по артикулам
problem | | | Машина опоздала на четыре часа
problem | | | Просрочка оплаты 14 дней, обещал в пятницу
problem | | | Говорили о долге за октябрь
problem | | | Станок вышел из строя
problem | | | Оформили возврат брака
problem | | | Ошибка в накладной, переделываем
problem | | | Клиент недоволен сроками
problem | | | Payment reminder: invoice overdue 20 days
problem | | | Customer complaint: damaged goods
problem | | | Late delivery, apologised
mandatory | | | Согласовал отгрузку на четверг
mandatory | | | Груз в пути, отправил трек-номер
mandatory | | | Товар получили, всё целое
mandatory | | | Приёмка прошла без замечаний
mandatory | | | Отправил УПД и счёт-фактуру через Диадок
mandatory | | | Сверили взаиморасчёты, подписали акт сверки
mandatory | | | Шеф-монтаж закончен
mandatory | | | Пусконаладка линии
mandatory | | | Наладчик настроил станок
mandatory | | | Проверил, как работает после запуска
mandatory | | | Позвонил узнать, всё ли в порядке после поставки: претензий нет
mandatory | | | Жалоб нет, качеством довольны
mandatory | | | Выкладка в зале по планограмме
mandatory | | | Помогли сдать объект конечному заказчику
mandatory | | | Напомнила о ТО компрессора
mandatory | | | Замена фильтров через месяц, записал на сервис
mandatory | | | Пробная партия нового изделия на нашем станке
mandatory | | | Предложил дооснастить линию вторым насосом
mandatory | | | Shipment confirmed for Monday
mandatory | | | Commissioning finished on site
mandatory | | | Checked how it works: no complaints
mandatory | | | Service reminder: filter replacement due
need | | | Обсудили, что войдёт в следующий заказ
need | | | Уточнил потребность на декабрь
need | | | Какие позиции понадобятся к сезону
need | | | Планы производства на первый квартал
need | | | Рассказал о будущем проекте: второй цех
need | | | Прогноз закупок на полугодие
need | | | Планируют запуск участка весной
need | | | Asked what they will need in Q1
need | | | Talked about the next project
need | | | Purchasing plan for spring
standard/r1 | | | Дал рекомендации по применению СОЖ
standard/r1 | | | Показал, как снизить расход дисков
standard/r2 | | | Рассказала о новинке: диск с ресурсом +20 %
standard/r2 | | | Привёз образцы новой пасты
standard/r3 | | | Акция до конца месяца на перчатки
standard/r3 | | | Сообщил про скидку на электроды
standard/r4 | | | Предупредил о повышении цен с 1 января
standard/r4 | | | Price increase notice sent
standard/r5 | | | Прислал обзор рынка за квартал
standard/r5 | | | Sent the market overview
standard/r6 | | | Рассказал про новый ГОСТ на средства защиты
standard/r6 | | | Обязательная маркировка с марта: что делать
standard/r7 | | | Новая услуга: доставка за 24 часа
standard/r7 | | | Показал личный кабинет
standard/r8 | | | Пригласил на вебинар по сварке
standard/r8 | | | Invitation to the open day
standard/r9 | | | Прислал кейс похожего завода
standard/r9 | | | Success story of a peer
standard/r10 | | | Инсайд о новом игроке рынка
standard/r11 | | | С днём рождения, Пётр Ильич!
standard/r11 | | | Поздравила с Новым годом
standard/r12 | | | У конкурента появился аналог, сравнили характеристики
standard/r13 | | | Объяснил, откуда слухи о нашем банкротстве
standard/r14 | | | Артикул 1210 снимается с производства, предложил замену
standard/r15 | | | Дал доступ к калькулятору расхода
standard/r16 | | | Провёл обучение кладовщиков
standard/r17 | | | Показал маркетинг конкурентов клиента
standard/r18 | | | Прислал смешной случай: байка из цеха
standard/x1 | | | Мы получили премию «Поставщик года»
standard/x2 | | | Кадровые изменения у нас: новый логист
standard/x3 | | | Рассказал про наш новый склад
standard/x4 | | | Выслал наши сертификаты
standard+need | | | Стандартное + о заказе
unrecognised | Звонок | | Созвонились
unrecognised | Звонок | Завершена | Исходящий звонок Иванову
unrecognised | Call | Completed | Call with Anna
unrecognised | Письмо (отправленное) | Выполнено | Re: вопрос
unrecognised | | | Спросил, когда будут заказывать
unrecognised | | | Закончили разговор быстро
unrecognised | | | Долгосрочное сотрудничество, хорошие отношения
unrecognised | | | Гости с завода заходили в офис
unrecognised | | | Охотно пообщались
unrecognised | | | Апрельский созвон
unrecognised | | | Мембрана, вопрос по наличию
unrecognised | | | Ценим наше сотрудничество
unrecognised | | | Spoke with the novel team
unrecognised | Normal | | Notes from today
unrecognised | | | Активный собеседник
"""


def wordings() -> list[tuple[str, str, str, str]]:
    rows = [[cell.strip() for cell in line.split("|")] for line in WORDINGS.strip().splitlines()]
    return [(row[0], row[1], row[2], "|".join(row[3:])) for row in rows]


@pytest.fixture
def kinds(world) -> Callable[[list[tuple[str, str, str]]], list[str]]:
    """(type, status, text) of activities → the kind, or kind/reason, that the shipped rules give each."""

    def read(rows: list[tuple[str, str, str]]) -> list[str]:
        columns = {
            "client": ["Альфа"] * len(rows),
            "held_on": ["2026-03-10"] * len(rows),
            "touch_id": [str(number) for number in range(len(rows))],
        } | {name: [row[at] or None for row in rows] for at, name in enumerate(("type", "status", "text"))}
        world.given("touches", pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()}))
        world.fetch("marts.touch_compliance", as_of="2026-04-01")  # makes ref.touch_kinds
        cursor = world.workspace._opened().connection.cursor()
        found = cursor.sql(KINDS).to_arrow_table().to_pylist()
        return ["/".join(filter(None, (row["kind"], row["reason"]))) for row in found]

    return read


def test_real_wordings_get_their_kind_and_reason(kinds):
    expected = wordings()
    given = kinds([row[1:] for row in expected])
    assert [(row[0], row[3]) for row in expected] == list(zip(given, (row[3] for row in expected), strict=True))


def test_every_phrase_of_the_demo_is_read_as_it_was_meant(kinds):
    words = demo.build(rows=1_000).words
    rows = [(kind, text) for kind, texts in words["phrases"].items() for text in texts]
    held, failed = words["statuses"]["held"], words["statuses"]["failed"]
    given = kinds([(words["channels"]["call"], failed if kind == "attempt" else held, text) for kind, text in rows])
    assert rows == list(zip(given, (text for _, text in rows), strict=True))


def test_rules_stand_in_the_order_in_which_the_first_hit_wins():
    rules = shipped_dictionary("touch_rules")
    ranks = [ORDER.index(rule["kind"]) for rule in rules]
    assert ranks == sorted(ranks)
    positions = [int(rule["position"]) for rule in rules]
    assert positions == sorted(set(positions))


def test_every_rule_can_hit_and_every_reason_is_known():
    codes = {row["code"] for row in shipped_dictionary("reasons")}
    for rule in shipped_dictionary("touch_rules"):
        assert any(rule[column] for column in ("channel", "type", "status", "words")), rule["position"]
        assert rule["reason"] in codes or not rule["reason"]
        assert bool(rule["reason"]) == (rule["kind"] == "standard"), rule["position"]


def test_rules_are_written_as_text_is_folded():
    for rule in shipped_dictionary("touch_rules"):
        words = "|".join(rule[column] for column in ("channel", "type", "status", "words"))
        assert words == words.lower().replace("ё", "е"), rule["position"]
        assert "||" not in words.strip("|")


def test_eighteen_reasons_four_anti_reasons_and_eleven_mandatory_kinds():
    reasons = shipped_dictionary("reasons")
    assert [row["code"] for row in reasons] == [f"r{n}" for n in range(1, 19)] + [f"x{n}" for n in range(1, 5)]
    assert [row["code"] for row in reasons if row["is_anti"] == "true"] == ["x1", "x2", "x3", "x4"]
    assert {rule["reason"] for rule in shipped_dictionary("touch_rules")} - {""} == {row["code"] for row in reasons}
    assert sum(rule["kind"] == "mandatory" for rule in shipped_dictionary("touch_rules")) == 11
