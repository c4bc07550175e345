from sqlalchemy import Column, Integer, Table

from .. import Base, other


class Stock(Base):
    __tablename__ = "stock"
    id = Column(Integer, primary_key=True)


audit = Table("audit", other, Column("id", Integer, primary_key=True))
