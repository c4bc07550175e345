from sqlalchemy import Column, Integer

from .. import Base


class Article(Base):
    __tablename__ = "article"
    id = Column(Integer, primary_key=True)
