namespace TsVlm.Scenarios;

/// <summary>A part of a list.</summary>
/// <param name="Total">Entries of the whole list.</param>
/// <param name="Offset">Place of the first entry, from 0.</param>
/// <param name="Items">The entries.</param>
public sealed record Page<T>(int Total, int Offset, IReadOnlyList<T> Items);

/// <summary>Which part of a list is asked for.</summary>
internal readonly record struct PageRequest(int Offset, int Limit)
{
    /// <exception cref="ApiProblem">A number is out of bounds.</exception>
    public static PageRequest Of(int? offset, int? limit, int standard, int most)
    {
        if (offset is < 0) throw ApiProblem.BadRequest($"offset: expected 0 or more, found {offset}.");
        if (limit is < 1 || limit > most) throw ApiProblem.BadRequest($"limit: expected 1 to {most}, found {limit}.");
        return new(offset ?? 0, limit ?? standard);
    }
}
