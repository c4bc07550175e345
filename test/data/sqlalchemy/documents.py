"""Documents with embeddings, for the types of the pgvector package."""

from pgvector.sqlalchemy import HALFVEC, SPARSEVEC, Vector
from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    event,
    text,
)
from sqlalchemy.orm import declarative_base
from sqlalchemy.schema import DDL

metadata = MetaData()
Base = declarative_base(metadata=metadata)
event.listen(metadata, "before_create",
             DDL("CREATE EXTENSION IF NOT EXISTS vector"))


class Document(Base):
    __tablename__ = "document"

    id = Column(Integer, primary_key=True)
    title = Column(Text, nullable=False)
    embedding = Column(Vector(384))
    centre = Column(Vector(3), nullable=False, default=[0, 0, 1])


class Chunk(Base):
    __tablename__ = "chunk"
    __table_args__ = (
        Index("chunk_hnsw", "embedding", postgresql_using="hnsw",
              postgresql_with={"m": 16, "ef_construction": 64},
              postgresql_ops={"embedding": "vector_l2_ops"}),
        Index("chunk_ivf", text("small halfvec_cosine_ops"),
              postgresql_using="ivfflat", postgresql_with={"lists": 10}),
    )

    id = Column(Integer, primary_key=True)
    document_id = Column(ForeignKey("document.id", ondelete="CASCADE"),
                         nullable=False, index=True)
    embedding = Column(Vector(384), nullable=False)
    small = Column(HALFVEC(64))
    rare = Column(SPARSEVEC(1000))
