using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace TsVlm.ServiceDefaults;

/// <summary>Reads settings with their bounds. Keys are named as the environment writes them: <c>Trainer__NumThreads</c>.</summary>
public sealed class Settings(IConfiguration configuration)
{
    /// <summary>The text of a setting, or null where it is not set.</summary>
    public string? Find(string key) =>
        configuration[key.Replace("__", ":", StringComparison.Ordinal)] is { } value && !string.IsNullOrWhiteSpace(value)
        ? value.Trim() : null;

    /// <summary>A setting that must be there.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="expected">What it must be, for the message.</param>
    /// <exception cref="SettingException">It is not set.</exception>
    public string Require(string key, string expected) => Find(key) ?? throw Wrong(key, expected, null);

    /// <summary>A whole number within bounds.</summary>
    /// <exception cref="SettingException">It is none, or out of bounds.</exception>
    public int Number(string key, int defaultValue, int min, int max)
    {
        if (Find(key) is not { } text) return defaultValue;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min
            && number <= max
            ? number
            : throw Wrong(key, $"a whole number from {min} to {max}", text);
    }

    /// <summary>A time in seconds, within bounds.</summary>
    /// <exception cref="SettingException">It is none, or out of bounds.</exception>
    public TimeSpan Seconds(string key, TimeSpan defaultValue, double min, double max)
    {
        if (Find(key) is not { } text) return defaultValue;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? TimeSpan.FromSeconds(number)
            : throw Wrong(key, FormattableString.Invariant($"seconds from {min} to {max}"), text);
    }

    /// <summary>Yes or no.</summary>
    /// <exception cref="SettingException">It is neither <c>true</c> nor <c>false</c>.</exception>
    public bool Flag(string key, bool defaultValue)
    {
        if (Find(key) is not { } text) return defaultValue;
        return bool.TryParse(text, out var isSet) ? isSet : throw Wrong(key, "true or false", text);
    }

    /// <summary>A folder that is there, or null where none is set.</summary>
    /// <exception cref="SettingException">There is no such folder.</exception>
    public string? Folder(string key)
    {
        if (Find(key) is not { } text) return null;
        return Directory.Exists(text) ? Path.GetFullPath(text) : throw Wrong(key, "a folder that is there", text);
    }

    /// <summary>
    /// The exception for a setting that is not what it must be. It never shows a connection string, which may hold a password.
    /// </summary>
    public static SettingException Wrong(string key, string expected, string? found)
    {
        var shown = found is null ? "nothing" : key.StartsWith("ConnectionStrings__", StringComparison.Ordinal)
            ? "something else" : $"'{found}'";
        return new($"{key}: expected {expected}, found {shown}. Set it in the environment of the service.");
    }
}
