using TsVlm.Data.Readers;

namespace TsVlm.Data.Tests.Readers;

public sealed class DatasetReaderTests
{
    private const string Tsv = "1\t1\t2\n2\t3\t4\n";
    private const string Ts = "@classLabel true 1 2\n@data\n1,2:1\n3,4:2\n";

    [Fact]
    public void The_last_data_set_of_a_folder_is_listed_and_other_tables_are_not()
    {
        using var files = new TextFiles()
            .With("B/B_TRAIN.ts", Ts).With("B/B_TEST.ts", Ts).With("A_TRAIN.tsv", Tsv).With("A_TEST.tsv", Tsv)
            .With("Z.csv", "label,a\nx,1\n").With("sizes.csv", "name,size\nx,1\n").With("notes.txt", "hello").With("other/B_TRAIN.ts", Ts);

        Assert.Equal(["A", "B", "Z"], DatasetReader.List(files.Folder));
        Assert.All(DatasetReader.List(files.Folder), name => Assert.Equal(name, files.Read(name).Name));
    }

    [Theory]
    [InlineData("A_TRAIN.ts.gz", "a compressed file is not read. Unpack it here.")]
    [InlineData("A/Univariate.zip", "a compressed file is not read. Unpack it here.")]
    [InlineData("A/A_TRAIN.npy", "files of type '.npy' are not read. Convert it to .ts, .arff, .tsv, .txt, .csv.")]
    [InlineData("A_train.ts", "expected the name 'A_TRAIN.ts', as upper and lower case differ. Rename it.")]
    [InlineData("A_TRAIN.TS", "expected the name 'A_TRAIN.ts', as upper and lower case differ. Rename it.")]
    [InlineData("A_TEST.ts", "expected 'A_TRAIN.ts' beside it, found no training file. Add it.")]
    [InlineData("a/A_TRAIN.ts", "expected it in a folder 'A', found it in 'a'. Rename the folder or the file.")]
    [InlineData("A\u200B_TRAIN.ts", "expected a name without control and invisible characters. Rename it.")]
    public void A_file_that_looks_like_one_of_a_data_set_and_is_not_read_is_named_with_the_reason(string path, string reason)
    {
        using var files = new TextFiles().With(path, Ts).With("notes.txt", "hello").With("B/B_TRAIN.ts", Ts).With("B/B_TEST.ts", Ts);

        Assert.Equal(["B"], DatasetReader.List(files.Folder));
        Assert.Equal($"{path.Replace("\u200B", "\\u200B", StringComparison.Ordinal)}: {reason}", Assert.Single(DatasetReader.ListIgnored(files.Folder)));
    }

    [Fact]
    public void A_missing_data_set_whose_file_is_not_read_is_an_error_that_names_the_file()
    {
        using var files = new TextFiles().With("A_TRAIN.ts.gz", "").With("B_TRAIN.zip", "");

        Assert.EndsWith("The folder holds no data set. Not read: A_TRAIN.ts.gz: a compressed file is not read. Unpack it here.",
            Assert.Throws<DataException>(() => files.Read("A")).Message, StringComparison.Ordinal);
        foreach (var other in (string[])["compressed", "read", "A_T"])
            Assert.EndsWith("The folder holds no data set.", Assert.Throws<DataException>(() => files.Read(other)).Message,
                StringComparison.Ordinal);
        Assert.Equal("Data set 'A\\u001B': expected a name without control and invisible characters. Rename its files.",
            Assert.Throws<DataException>(() => files.Read("A\u001B")).Message);
    }

    [Fact]
    public void A_pair_goes_before_a_training_file_alone_and_ts_before_the_other_types()
    {
        using var files = new TextFiles().With("X_TRAIN.ts", Ts).With("X_TRAIN.tsv", Tsv).With("X_TEST.tsv", Tsv);

        Assert.Equal(4, files.Read("X").Cases.Count);
        Assert.Equal(3, files.With("X_TEST.ts", "@classLabel true 1 2\n@data\n1,2:1\n").Read("X").Cases.Count);
    }

    [Fact]
    public void A_training_file_alone_is_read_with_a_warning()
    {
        using var files = new TextFiles().With("X_TRAIN.ts", Ts);

        var dataset = files.Read("X");

        Assert.Equal((2, 2), (dataset.NumOfficialTrain, dataset.Cases.Count));
        Assert.Contains("X_TRAIN.ts has no test file beside it: only protocol 80-10-10 applies.", dataset.Warnings);
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("..")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("C:")]
    [InlineData("")]
    public void A_name_cannot_leave_the_folder(string name)
    {
        using var files = new TextFiles().With("X_TRAIN.ts", Ts);

        Assert.Equal($"Data set '{name}': expected the name of a data set inside the folder, found a path. Give the name alone and the folder separately.",
            Assert.Throws<DataException>(() => files.Read(name)).Message);
    }

    [Fact]
    public void A_missing_data_set_or_folder_is_an_error_that_says_what_there_is()
    {
        using var files = new TextFiles().With("X_TRAIN.ts", Ts);

        Assert.Equal($"{files.Folder}: expected Y/Y_TRAIN.ts (or .arff, .tsv, .txt, .csv) or Y.csv, found no such file. The folder holds 'X'.",
            Assert.Throws<DataException>(() => files.Read("Y")).Message);
        Assert.StartsWith("nowhere: expected a folder of data sets, found none.",
            Assert.Throws<DataException>(() => DatasetReader.List("nowhere")).Message, StringComparison.Ordinal);
        Assert.StartsWith("gone.ts: expected a file at", Assert.Throws<DataException>(() => files.ReadSeries("gone.ts")).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("new.xlsx: expected a file of type .ts,",
            Assert.Throws<DataException>(() => files.ReadSeries("new.xlsx")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void New_series_know_their_place_and_one_of_missing_values_alone_is_refused_with_it()
    {
        using var files = new TextFiles().With("new.csv", "t0,t1\n0,1\n2,?\n").With("empty.csv", "t0,t1\n0,1\n?,?\n");

        Assert.Equal(["new.csv(2)", "new.csv(3)"], DatasetReader.ReadUnlabelled(Path.Combine(files.Folder, "new.csv"))
            .Select(one => one.Place));
        Assert.Equal("empty.csv(3): expected a series with values, found missing ones alone. Remove it from the file.",
            Assert.Throws<DataException>(() => files.ReadSeries("empty.csv")).Message);
    }

    [Theory]
    [InlineData("1\t1\t2\n3\t5\t6\n")]
    [InlineData("3\t5\t6\n")]
    public void Classes_come_from_training_and_one_that_only_the_test_file_has_is_an_error(string test)
    {
        using var files = new TextFiles().With("X_TRAIN.tsv", Tsv).With("X_TEST.tsv", test);
        var line = test.Count(c => c == '\n');

        Assert.Equal($"X_TEST.tsv({line}): expected a label that X_TRAIN.tsv has a case of, found '3'. "
            + "Add training cases of the class, or remove its test cases.", Assert.Throws<DataException>(() => files.Read("X")).Message);
    }

    [Fact]
    public void The_class_count_is_not_taken_from_the_test_file()
    {
        using var files = new TextFiles().With("X_TRAIN.tsv", Tsv).With("X_TEST.tsv", "1\t5\t6\n");

        var dataset = files.Read("X");

        Assert.Equal(["1", "2"], dataset.Classes);
        Assert.Contains("1 class has no test case: '2'.", dataset.Warnings);
    }

    [Fact]
    public void Training_and_test_files_need_the_same_channels()
    {
        const string header = "id,channel,time,value,label\n";
        using var files = new TextFiles()
            .With("X_TRAIN.ts", "@classLabel true a\n@data\n1:2:a\n").With("X_TEST.ts", "@classLabel true a\n@data\n1:a\n")
            .With("Y_TRAIN.csv", header + "1,x,0,1,a\n").With("Y_TEST.csv", header + "1,y,0,1,a\n");

        Assert.Equal("X_TEST.ts(3): expected 2 channels as in X_TRAIN.ts, found 1. Give both files the same channels.",
            Assert.Throws<DataException>(() => files.Read("X")).Message);
        Assert.Equal("Y_TEST.csv(1): expected the channels 'x' as in Y_TRAIN.csv, found 'y'. Give both files the same channels.",
            Assert.Throws<DataException>(() => files.Read("Y")).Message);
    }

    [Fact]
    public void Warnings_say_what_a_user_should_know()
    {
        using var files = new TextFiles()
            .With("X_TRAIN.ts", "@classLabel true a b c d\n@data\n1,2:a\n1,3:a\n1,4:a\n1,4:b\n5,5:b\n1,?,3:c\n")
            .With("X_TEST.ts", "@classLabel true a b c d\n@data\n1,2:a\n1,3:b\n9,8:a\n");

        Assert.Equal(
        [
            "1 of 19 values are missing, in 1 of 9 series.",
            "Series have unequal length, 2 to 3 time steps.",
            "1 series is constant.",
            "1 class has no training case: 'd'.",
            "1 class has one training case: 'c'.",
            "2 classes have fewer than 5 training cases: 'a', 'b'.",
            "2 classes have no test case: 'c', 'd'.",
            "Classes are imbalanced: the largest has 3 training cases (50%), the smallest 1.",
            "1 training series repeats another one, value for value.",
            "1 training series occurs under more than one label.",
            "2 test series also occur in the training split, value for value.",
        ],
        files.Read("X").Warnings);
    }
}
