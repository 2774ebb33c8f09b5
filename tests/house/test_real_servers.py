"""The databases and the object store of the tests are real, fresh and separate."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError
from sqlalchemy import create_engine, text

PEOPLE = ("Li", "Wang")


@pytest.mark.parametrize("person", PEOPLE)
def test_a_test_finds_nothing_of_another_tests_database(
    database_url: str, person: str
) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE only_mine (person TEXT)"))
        connection.execute(
            text("INSERT INTO only_mine VALUES (:person)"), {"person": person}
        )
        people = connection.execute(text("SELECT person FROM only_mine")).scalars()
        assert list(people) == [person]
    engine.dispose()


def test_a_test_finds_its_bucket_empty(s3_url: str) -> None:
    store, bucket = _store(s3_url)
    assert store.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_the_object_store_refuses_a_second_writer_of_the_same_name(
    s3_url: str,
) -> None:
    store, bucket = _store(s3_url)
    store.put_object(Bucket=bucket, Key="kept/once", Body=b"Li", IfNoneMatch="*")
    with pytest.raises(ClientError, match="PreconditionFailed"):
        store.put_object(Bucket=bucket, Key="kept/once", Body=b"Wang", IfNoneMatch="*")


def _store(s3_url: str) -> tuple[Any, str]:
    address = urlsplit(s3_url)
    endpoint = dict(parse_qsl(address.query))["endpoint"]
    return boto3.client("s3", endpoint_url=endpoint), address.netloc
