namespace TsVlm.Contracts.Http;

/// <summary>A part of a list.</summary>
/// <param name="Total">Entries of the whole list.</param>
/// <param name="Offset">Place of the first entry, from 0.</param>
/// <param name="Items">The entries.</param>
public sealed record Page<T>(int Total, int Offset, IReadOnlyList<T> Items);
