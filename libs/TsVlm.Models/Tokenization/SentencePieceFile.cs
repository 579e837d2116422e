using System.Buffers.Binary;
using System.Text;

namespace TsVlm.Models.Tokenization;

/// <summary>What a piece of a SentencePiece model is (sentencepiece_model.proto, ModelProto.SentencePiece.Type).</summary>
internal enum PieceKind
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>One piece of a SentencePiece model; its id is its place in the list.</summary>
internal readonly record struct Piece(string Text, float Score, PieceKind Kind);

/// <summary>
/// The parts of a SentencePiece <c>tokenizer.model</c> that BPE encoding needs; ids are -1 where the model has no such piece.
/// </summary>
internal sealed record SentencePieceFile(IReadOnlyList<Piece> Pieces, int UnknownId, int BeginId, int EndId, int PadId,
    bool AddsDummyPrefix)
{
    /// <exception cref="InvalidDataException">The file is no SentencePiece model, or not a BPE one without text normalisation.</exception>
    public static SentencePieceFile Read(string path)
    {
        var pieces = new List<Piece>();
        var (type, unknown, begin, end, pad) = (1, 0, 1, 2, -1);
        var (dummyPrefix, removesBlanks, escapesBlanks, rules) = (true, true, true, 0);
        try
        {
            foreach (var field in Fields(File.ReadAllBytes(path)))
            {
                if (field.Number == 1) pieces.Add(ReadPiece(field.Bytes));
                if (field.Number == 2)
                    foreach (var setting in Fields(field.Bytes))
                        switch (setting.Number)
                        {
                            case 3: type = (int)setting.Value; break;
                            case 40: unknown = (int)setting.Value; break;
                            case 41: begin = (int)setting.Value; break;
                            case 42: end = (int)setting.Value; break;
                            case 43: pad = (int)setting.Value; break;
                        }
                if (field.Number == 3)
                    foreach (var setting in Fields(field.Bytes))
                        switch (setting.Number)
                        {
                            case 2: rules = setting.Bytes.Length; break;
                            case 3: dummyPrefix = setting.Value != 0; break;
                            case 4: removesBlanks = setting.Value != 0; break;
                            case 5: escapesBlanks = setting.Value != 0; break;
                        }
            }
        }
        catch (Exception error) when (error is IndexOutOfRangeException or ArgumentException)
        {
            throw new InvalidDataException($"{path}: expected a SentencePiece model, found bytes that are no protocol buffer.", error);
        }
        Require(pieces.Count > 0, "pieces", "none");
        Require(type == 2, "model type 2 (BPE)", $"type {type}");
        Require(rules == 0 && !removesBlanks && escapesBlanks, "a normaliser that changes nothing but blanks (identity)", "another one");
        Require(pieces.All(p => p.Kind is not PieceKind.Unused), "no unused pieces", "some");
        return new SentencePieceFile(pieces, unknown, begin, end, pad, dummyPrefix);

        void Require(bool condition, string expected, string found)
        {
            if (!condition) throw new InvalidDataException($"{path}: expected {expected}, found {found}; use a tokenizer.json instead.");
        }
    }

    private static Piece ReadPiece(ReadOnlyMemory<byte> message)
    {
        var piece = new Piece("", 0, PieceKind.Normal);
        foreach (var field in Fields(message))
            piece = field.Number switch
            {
                1 => piece with { Text = Encoding.UTF8.GetString(field.Bytes.Span) },
                2 => piece with { Score = BitConverter.UInt32BitsToSingle((uint)field.Value) },
                3 => piece with { Kind = (PieceKind)field.Value },
                _ => piece,
            };
        return piece;
    }

    private readonly record struct Field(int Number, ulong Value, ReadOnlyMemory<byte> Bytes);

    /// <summary>Fields of a protocol-buffer message (protobuf.dev/programming-guides/encoding).</summary>
    private static IEnumerable<Field> Fields(ReadOnlyMemory<byte> message)
    {
        var at = 0;
        while (at < message.Length)
        {
            var key = Varint(message.Span, ref at);
            var number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    yield return new Field(number, Varint(message.Span, ref at), default);
                    break;
                case 1:
                    yield return new Field(number, BinaryPrimitives.ReadUInt64LittleEndian(message.Span.Slice(at, 8)), default);
                    at += 8;
                    break;
                case 2:
                    var length = checked((int)Math.Min(Varint(message.Span, ref at), int.MaxValue));
                    yield return new Field(number, 0, message.Slice(at, length));
                    at += length;
                    break;
                case 5:
                    yield return new Field(number, BinaryPrimitives.ReadUInt32LittleEndian(message.Span.Slice(at, 4)), default);
                    at += 4;
                    break;
                default:
                    throw new ArgumentException($"wire type {key & 7}");
            }
        }
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
    }
}
